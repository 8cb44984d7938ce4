/** What is true of a scene, in the words that concepts are asked in. */

import { COLOUR_NAMES, OBJECTS, PLACES, SKY_OBJECTS, TIMES, WEATHERS } from '../world/catalogue.ts';
import { COUNT_WORDS, describe } from '../world/grammar.ts';
import type { Scene } from '../world/scene.ts';

/** A question that scenes of one thing answer with one of a few values; null where it does not apply. */
export interface Property {
  readonly name: string;
  readonly values: readonly string[];
  readonly of: (scene: Scene) => string | null;
}

const SIDES = ['left', 'right'] as const;

export const PROPERTIES: readonly Property[] = [
  { name: 'object', values: OBJECTS, of: ({ things }) => things[0]?.kind ?? null },
  { name: 'colour', values: COLOUR_NAMES, of: ({ things }) => things[0]?.color ?? null },
  { name: 'place', values: PLACES, of: ({ place }) => place },
  { name: 'time', values: TIMES, of: ({ time }) => time },
  { name: 'position', values: SIDES, of: ({ things }) => sideOf(things[0]?.x) },
];

/** Left and right third of the picture; what stands in the middle is neither. */
function sideOf(x: number | undefined): (typeof SIDES)[number] | null {
  if (x === undefined || (x > 0.4 && x < 0.6)) return null;
  return x < 0.5 ? 'left' : 'right';
}

export type Truth = (scene: Scene) => boolean;

const TRUTHS: ReadonlyMap<string, Truth> = new Map<string, Truth>([
  ...COLOUR_NAMES.map((color) => [color, has((thing) => thing.color === color)] as const),
  ...OBJECTS.map((kind) => [kind, has((thing) => thing.kind === kind)] as const),
  ...OBJECTS.flatMap((kind) =>
    COLOUR_NAMES.map(
      (color) =>
        [bare(describe(kind, color)), has((thing) => thing.kind === kind && thing.color === color)] as const,
    ),
  ),
  ...PLACES.map((place) => [place as string, (scene: Scene) => scene.place === place] as const),
  ...TIMES.map((time) => [time as string, (scene: Scene) => scene.time === time] as const),
  ...WEATHERS.map((weather) => [weather as string, (scene: Scene) => scene.weather === weather] as const),
  ...SKY_OBJECTS.map(
    (kind) => [kind as string, (scene: Scene) => scene.sky.some((thing) => thing.kind === kind)] as const,
  ),
  ...SIDES.map((side) => [side as string, (scene: Scene) => sideOf(scene.things[0]?.x) === side] as const),
  ...COUNT_WORDS.map((count, index) => [count, (scene: Scene) => scene.things.length === index + 1] as const),
]);

/** Whether a scene shows the concept; undefined for what the world has no truth of. Articles and prepositions do not matter. */
export function truthOf(concept: string): Truth | undefined {
  return TRUTHS.get(bare(concept));
}

function has(test: (thing: Scene['things'][number]) => boolean): Truth {
  return ({ things }) => things.some(test);
}

function bare(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^(at|by|on|in|during)\s+/, '')
    .replace(/^(an?|the)\s+/, '');
}
