/** What is true of a scene, in the words that concepts are asked in. */

import {
  BUILDS,
  COLOUR_NAMES,
  LIGHTS,
  OBJECTS,
  PATTERNS,
  PLACES,
  SKY_OBJECTS,
  STATES,
  TIMES,
  WEATHERS,
} from '../world/catalogue.ts';
import { BUILD_ADJECTIVES, COUNT_WORDS, describe, LIGHT_PHRASES } from '../world/grammar.ts';
import type { Scene, SceneOptions, Thing } from '../world/scene.ts';

/** A question that scenes of one thing answer with one of a few values; null where it does not apply. */
export interface Property {
  readonly name: string;
  readonly values: readonly string[];
  readonly of: (scene: Scene) => string | null;
  /** Draws a scene with the value, all else as the seed has it; absent for what the world does not draw on demand. */
  readonly draw?: (value: number) => SceneOptions;
}

const SIDES = ['left', 'right'] as const;
const LIT = LIGHTS.map((side) => LIGHT_PHRASES[side][0]!);
const BUILT = BUILDS.map((build) => BUILD_ADJECTIVES[build]);

export const PROPERTIES: readonly Property[] = [
  { name: 'object', values: OBJECTS, of: ({ things }) => things[0]?.kind ?? null },
  {
    name: 'colour',
    values: COLOUR_NAMES,
    of: ({ things }) => things[0]?.color ?? null,
    draw: (value) => ({ colors: [COLOUR_NAMES[value]!] }),
  },
  { name: 'place', values: PLACES, of: ({ place }) => place, draw: (value) => ({ place: PLACES[value]! }) },
  { name: 'time', values: TIMES, of: ({ time }) => time, draw: (value) => ({ time: TIMES[value]! }) },
  {
    name: 'weather',
    values: WEATHERS,
    of: ({ weather }) => weather,
    draw: (value) => ({ weather: WEATHERS[value]! }),
  },
  {
    name: 'state',
    values: STATES,
    of: ({ things }) => things[0]?.state ?? null,
    draw: (value) => ({ states: [STATES[value]!] }),
  },
  {
    name: 'light',
    values: LIT,
    of: ({ light }) => LIT[LIGHTS.indexOf(light)]!,
    draw: (value) => ({ light: LIGHTS[value]! }),
  },
  {
    name: 'pattern',
    values: PATTERNS,
    of: ({ things }) => things[0]?.pattern ?? null,
    draw: (value) => ({ patterns: [PATTERNS[value]!] }),
  },
  { name: 'material', values: BUILT, of: ({ things }) => builtOf(things[0]) },
  { name: 'position', values: SIDES, of: ({ things }) => sideOf(things[0]?.x) },
];

function builtOf(thing: Thing | undefined): string | null {
  return thing?.material === undefined ? null : BUILD_ADJECTIVES[thing.material];
}

/** Left and right third of the picture; what stands in the middle is neither. */
function sideOf(x: number | undefined): (typeof SIDES)[number] | null {
  if (x === undefined || (x > 0.4 && x < 0.6)) return null;
  return x < 0.5 ? 'left' : 'right';
}

export type Truth = (scene: Scene) => boolean;

/** Where a word is of two lists ("plain"), the first has it. */
const TRUTHS: ReadonlyMap<string, Truth> = new Map<string, Truth>(
  [
    ...COLOUR_NAMES.map((color) => [color, has((thing) => thing.color === color)] as const),
    ...OBJECTS.map((kind) => [kind, has((thing) => thing.kind === kind)] as const),
    ...OBJECTS.flatMap((kind) =>
      COLOUR_NAMES.map(
        (color) =>
          [
            bare(describe(kind, color)),
            has((thing) => thing.kind === kind && thing.color === color),
          ] as const,
      ),
    ),
    ...PLACES.map((place) => [place, (scene: Scene) => scene.place === place] as const),
    ...TIMES.map((time) => [time, (scene: Scene) => scene.time === time] as const),
    ...WEATHERS.map((weather) => [weather, (scene: Scene) => scene.weather === weather] as const),
    ...STATES.map((state) => [state, has((thing) => thing.state === state)] as const),
    ...LIGHTS.flatMap((side, i) =>
      [LIT[i]!, `lit from ${side}`, `light from the ${side}`].map(
        (words) => [words, (scene: Scene) => scene.light === side] as const,
      ),
    ),
    ...PATTERNS.map((pattern) => [pattern, has((thing) => thing.pattern === pattern)] as const),
    ...BUILDS.flatMap((build) =>
      [BUILD_ADJECTIVES[build], build].map(
        (words) => [words, has((thing) => thing.material === build)] as const,
      ),
    ),
    ...SKY_OBJECTS.map(
      (kind) => [kind, (scene: Scene) => scene.sky.some((thing) => thing.kind === kind)] as const,
    ),
    ...SIDES.map((side) => [side, (scene: Scene) => sideOf(scene.things[0]?.x) === side] as const),
    ...COUNT_WORDS.map(
      (count, index) => [count, (scene: Scene) => scene.things.length === index + 1] as const,
    ),
  ].reverse(),
);

/** Whether a scene shows the concept; undefined for what the world has no truth of. Articles and prepositions do not matter. */
export function truthOf(concept: string): Truth | undefined {
  return TRUTHS.get(bare(concept));
}

/** Other words for a property's value. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    LIGHTS.flatMap((side, i) => [
      [`lit from ${side}`, LIT[i]!],
      [`light from the ${side}`, LIT[i]!],
    ]),
  ),
  wood: BUILD_ADJECTIVES.wood,
};

/** Place of a concept among a property's values; -1 for none. */
export function valueIndex({ values }: Property, concept: string): number {
  const word = bare(concept);
  return values.indexOf(SYNONYMS[word] ?? word);
}

/** The property that all of the concepts are values of, if there is one. */
export function propertyOf(concepts: readonly string[]): Property | undefined {
  if (concepts.length === 0) return undefined;
  return PROPERTIES.find((property) => concepts.every((concept) => valueIndex(property, concept) >= 0));
}

function has(test: (thing: Thing) => boolean): Truth {
  return ({ things }) => things.some(test);
}

function bare(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(at|by|on|in|during)\s+/, '')
    .replace(/^(an?|the)\s+/, '');
}
