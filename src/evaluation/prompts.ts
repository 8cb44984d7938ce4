/** The 100 fixed prompts that generated pictures are judged by. */

import { COLOUR_NAMES, type Colour, type Kind, OBJECTS, PLACES, type Place } from '../world/catalogue.ts';
import { describe, PLACE_NOUNS, PLACE_PREPOSITIONS } from '../world/grammar.ts';

export interface FixedPrompt {
  readonly text: string;
  readonly kind: Kind;
  readonly color: Colour;
  readonly seed: number;
}

/** A colour whose object could not be told by colour from what stands behind it. */
const CLASHES: readonly (readonly [Colour, Place])[] = [
  ['green', 'lawn'],
  ['white', 'beach'],
  ['white', 'city'],
  ['brown', 'desert'],
];

/** 100 different pairs of the 22 kinds and 10 colours, in all places, by day (segmentation by colour needs daylight). */
export const FIXED_PROMPTS: readonly FixedPrompt[] = Array.from({ length: 100 }, (_, index) => {
  const kind = OBJECTS[index % OBJECTS.length]!;
  // 110 steps run through the pairs of one parity, so that 100 are all different.
  const color = COLOUR_NAMES[index % COLOUR_NAMES.length]!;
  const clash = (place: Place) => CLASHES.some((pair) => pair[0] === color && pair[1] === place);
  const turn = index + Math.floor(index / OBJECTS.length);
  const place = PLACES.map((_, step) => PLACES[(turn + step) % PLACES.length]!).find((name) => !clash(name))!;
  // The bare noun's phrase, as "on the lawn".
  const noun = PLACE_NOUNS[place][1]!;
  const text = `${describe(kind, color)} ${PLACE_PREPOSITIONS[place][0]!} ${noun} by day`;
  return { text, kind, color, seed: 1000 + index };
});

/** Every pair of kind and colour, as its caption. */
export const PAIRS: readonly { readonly kind: Kind; readonly color: Colour; readonly caption: string }[] =
  OBJECTS.flatMap((kind) => COLOUR_NAMES.map((color) => ({ kind, color, caption: describe(kind, color) })));
