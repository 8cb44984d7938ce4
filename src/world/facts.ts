import {
  BUILDS,
  BUILT,
  COLOUR_NAMES,
  LIGHTS,
  OBJECTS,
  PATTERNED,
  PATTERNS,
  PLACES,
  SKY_OBJECTS,
  STATES,
  TIMES,
  WEATHERS,
} from './catalogue.ts';
import type { Scene, Thing } from './graph.ts';
import { holds, isVisible, RELATIONS, statureOf } from './relations.ts';

/**
 * Everything that is true of a scene, one string an atomic fact: "car", "red", "red car", "blue trousers", "striped ball",
 * "made of brick house", "falling cat", "big ball", "2 dog", "2 red dog", "3 objects", "sun", "place sea", "time night", "weather rain",
 * "light left", and relations between kinds, "cat on car". A caption claims facts; it is true where all of them hold.
 */
export function factsOf(scene: Scene): string[] {
  const facts = new Set<string>([
    `place ${scene.place}`,
    `time ${scene.time}`,
    `weather ${scene.weather}`,
    `light ${scene.light}`,
    `${scene.things.length} objects`,
  ]);
  const counts = new Map<string, number>();
  const count = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const thing of scene.things) {
    for (const fact of ownFacts(thing)) facts.add(fact);
    const stature = statureOf(scene, thing);
    if (stature) facts.add(`${stature} ${thing.kind}`);
    count(thing.kind);
    count(`${thing.color} ${thing.kind}`);
    for (const other of scene.things) {
      if (other.kind === thing.kind) continue;
      for (const relation of RELATIONS) {
        if (holds(relation, thing, other)) facts.add(`${thing.kind} ${relation} ${other.kind}`);
      }
    }
  }
  for (const [name, number] of counts) facts.add(`${number} ${name}`);
  for (const sky of scene.sky) if (isVisible(scene, sky)) facts.add(sky.kind);
  return [...facts];
}

function ownFacts({ kind, color, secondColor, pattern, material, state }: Thing): string[] {
  return [
    kind,
    color,
    `${color} ${kind}`,
    `${state} ${kind}`,
    ...(secondColor ? [`${secondColor} trousers`] : []),
    ...(PATTERNED.has(kind) ? [`${pattern} ${kind}`] : []),
    ...(material ? [`made of ${material} ${kind}`] : []),
  ];
}

/** Whether everything that is claimed is a fact of the scene. */
export function isTrueOf(claims: readonly string[], scene: Scene): boolean {
  const facts = new Set(factsOf(scene));
  return claims.every((claim) => facts.has(claim));
}

const COUNTS = [1, 2, 3, 4] as const;

/** Every possible fact but the relations between kinds, which are too many to list ("KIND left of KIND" and so on). */
export const FACTS: readonly string[] = [
  ...PLACES.map((place) => `place ${place}`),
  ...TIMES.map((time) => `time ${time}`),
  ...WEATHERS.map((weather) => `weather ${weather}`),
  ...LIGHTS.map((light) => `light ${light}`),
  ...COUNTS.map((count) => `${count} objects`),
  ...SKY_OBJECTS,
  ...COLOUR_NAMES,
  ...COLOUR_NAMES.map((color) => `${color} trousers`),
  ...OBJECTS.flatMap((kind) => [
    kind,
    ...COLOUR_NAMES.map((color) => `${color} ${kind}`),
    ...STATES.map((state) => `${state} ${kind}`),
    ...(PATTERNED.has(kind) ? PATTERNS.map((pattern) => `${pattern} ${kind}`) : []),
    ...(BUILT.has(kind) ? BUILDS.map((build) => `made of ${build} ${kind}`) : []),
    ...['big', 'small'].map((stature) => `${stature} ${kind}`),
    ...COUNTS.flatMap((count) => [
      `${count} ${kind}`,
      ...COLOUR_NAMES.map((color) => `${count} ${color} ${kind}`),
    ]),
  ]),
];
