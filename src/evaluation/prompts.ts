/** The fixed prompts that generated pictures are judged by. */

import { readPrompt, type TokenRules } from '../families/prompt.ts';
import type { Tokenizer } from '../families/session.ts';
import { COLOUR_NAMES, type Colour, type Kind, OBJECTS, PLACES, type Place } from '../world/catalogue.ts';
import { describe, PLACE_NOUNS, PLACE_PREPOSITIONS } from '../world/grammar.ts';

export interface PromptThing {
  readonly kind: Kind;
  readonly color: Colour;
}

export interface FixedPrompt extends PromptThing {
  readonly text: string;
  readonly seed: number;
}

export interface PairPrompt {
  readonly text: string;
  readonly seed: number;
  readonly things: readonly [PromptThing, PromptThing];
}

/** A colour whose object could not be told by colour from what stands behind it. */
const CLASHES: readonly (readonly [Colour, Place])[] = [
  ['green', 'lawn'],
  ['white', 'beach'],
  ['white', 'city'],
  ['brown', 'desert'],
];

const FIRST_SEED = 1000;
const FUNCTION_WORDS = new Set(['a', 'an', 'the', 'and', 'by', ...Object.values(PLACE_PREPOSITIONS).flat()]);

/**
 * `count` prompts of one thing from number `first` on: different pairs of kind and colour as long as there are some, in all places,
 * by day (segmentation by colour needs daylight). The seed counts on, so that no two ranges share a picture.
 */
export function fixedPrompts(kinds: readonly Kind[], count: number, first = 0): readonly FixedPrompt[] {
  return Array.from({ length: count }, (_, step) => {
    const index = first + step;
    const { kind, color } = pairAt(kinds, index);
    const clash = (place: Place) => CLASHES.some((pair) => pair[0] === color && pair[1] === place);
    const turn = index + Math.floor(index / kinds.length);
    const place = PLACES.map((_, next) => PLACES[(turn + next) % PLACES.length]!).find(
      (name) => !clash(name),
    )!;
    return { text: `${describe(kind, color)} ${where(place)} by day`, kind, color, seed: FIRST_SEED + index };
  });
}

/** "a red car and a yellow tree on the lawn by day": two kinds in two colours. */
export function pairPrompts(kinds: readonly Kind[], count: number, first = 0): readonly PairPrompt[] {
  return Array.from({ length: count }, (_, step) => {
    const index = first + step;
    const one = pairAt(kinds, index);
    // Never the same kind, never the same colour.
    const kind = kinds[(kinds.indexOf(one.kind) + 1 + (index % (kinds.length - 1))) % kinds.length]!;
    const color = COLOUR_NAMES[(COLOUR_NAMES.indexOf(one.color) + 1 + (index % 9)) % COLOUR_NAMES.length]!;
    const place = PLACES[index % PLACES.length]!;
    const text = `${describe(one.kind, one.color)} and ${describe(kind, color)} ${where(place)} by day`;
    return { text, seed: 2 * FIRST_SEED + index, things: [one, { kind, color }] };
  });
}

/** The words of such a prompt that name nothing to be seen: articles, prepositions, "and"; by their places among its words. */
export function functionWords(text: string): readonly { readonly word: string; readonly index: number }[] {
  return text.split(' ').flatMap((word, index) => (FUNCTION_WORDS.has(word) ? [{ word, index }] : []));
}

/** Kinds and colours run side by side; where both lists would meet again, the colours move on by one. */
function pairAt(kinds: readonly Kind[], index: number): PromptThing {
  const period = leastCommonMultiple(kinds.length, COLOUR_NAMES.length);
  return {
    kind: kinds[index % kinds.length]!,
    color: COLOUR_NAMES[(index + Math.floor(index / period)) % COLOUR_NAMES.length]!,
  };
}

/** The bare noun's phrase, as "on the lawn". */
function where(place: Place): string {
  return `${PLACE_PREPOSITIONS[place][0]!} ${PLACE_NOUNS[place][1]!}`;
}

function leastCommonMultiple(a: number, b: number): number {
  let [rest, divisor] = [a, b];
  while (divisor > 0) [rest, divisor] = [divisor, rest % divisor];
  return (a * b) / rest;
}

/** The kinds whose words a model's vocabulary holds: what it may be asked for. */
export function knownKinds({
  tokenizer,
  rules,
}: {
  readonly tokenizer: Tokenizer;
  readonly rules: TokenRules;
}): readonly Kind[] {
  return OBJECTS.filter((kind) => readPrompt(kind, tokenizer, rules).words.every(({ known }) => known));
}

/** 100 prompts over all kinds of the world. */
export const FIXED_PROMPTS: readonly FixedPrompt[] = fixedPrompts(OBJECTS, 100);

/** Every pair of kind and colour, as its caption. */
export const PAIRS: readonly { readonly kind: Kind; readonly color: Colour; readonly caption: string }[] =
  OBJECTS.flatMap((kind) => COLOUR_NAMES.map((color) => ({ kind, color, caption: describe(kind, color) })));
