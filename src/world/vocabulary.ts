import { COLOUR_NAMES, OBJECTS, PLACES, TIMES } from './catalogue.ts';
import {
  ABOVE,
  BELOW,
  BESIDE,
  BOTH,
  COUNT_WORDS,
  describe,
  LEFT,
  NO,
  OVER,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PREFIXES,
  QUESTIONS,
  RIGHT,
  SKY_PHRASES,
  TIME_PHRASES,
  YES,
} from './grammar.ts';

/** Every word that a caption, a question or an answer can contain, sorted by code unit; computed from the grammar. */
export const VOCABULARY: readonly string[] = words([
  ...OBJECTS,
  ...COLOUR_NAMES,
  ...PLACES,
  ...TIMES,
  ...OBJECTS.flatMap((kind) => COLOUR_NAMES.map((color) => describe(kind, color))),
  ...OBJECTS.map((kind) => `a ${kind}`),
  'and trousers in the sky',
  ...PREFIXES,
  ...Object.values(PLACE_NOUNS).flat(),
  ...Object.values(PLACE_PREPOSITIONS).flat(),
  ...OVER,
  ...Object.values(TIME_PHRASES).flat(),
  ...Object.values(SKY_PHRASES).flat(),
  ...[BESIDE, LEFT, RIGHT, ABOVE, BELOW, BOTH],
  ...COUNT_WORDS,
  ...Object.values(QUESTIONS).flat(),
  YES,
  NO,
]);

function words(phrases: readonly string[]): string[] {
  const set = new Set(phrases.flatMap((phrase) => phrase.replace(/\{\w+\}/g, ' ').split(' ')));
  set.delete('');
  return [...set].sort((a, b) => (a < b ? -1 : 1));
}
