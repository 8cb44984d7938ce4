import { BUILDS, COLOUR_NAMES, OBJECTS, PATTERNS, PLACES, STATES, TIMES, WEATHERS } from './catalogue.ts';
import {
  ANSWERS,
  BOTH,
  BUILD_ADJECTIVES,
  COUNT_WORDS,
  describe,
  LIGHT_PHRASES,
  NO,
  OVER,
  PATTERN_PHRASES,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PLURALS,
  PREFIXES,
  QUESTIONS,
  RELATION_PHRASES,
  SENTENCES,
  SKY_PHRASES,
  STATE_ADJECTIVES,
  STATE_VERBS,
  STATURES,
  TIME_PHRASES,
  WEATHER_PHRASES,
  WEATHER_PLACES,
  YES,
  ZERO,
} from './grammar.ts';

/** Every word that a caption, a question or an answer can contain, sorted by code unit; computed from the grammar. */
export const VOCABULARY: readonly string[] = words([
  ...OBJECTS,
  ...COLOUR_NAMES,
  ...PLACES,
  ...TIMES,
  ...WEATHERS,
  ...STATES,
  ...PATTERNS,
  ...BUILDS,
  ...STATURES,
  ...OBJECTS.flatMap((kind) => COLOUR_NAMES.map((color) => describe(kind, color))),
  ...OBJECTS.map((kind) => `a ${kind}`),
  ...Object.values(PLURALS),
  'and trousers in the sky shirts',
  'the man the sail objects things is are not there ?',
  ...PREFIXES,
  ...SENTENCES,
  ...Object.values(PLACE_NOUNS).flat(),
  ...Object.values(WEATHER_PLACES).flat(),
  ...Object.values(PLACE_PREPOSITIONS).flat(),
  ...OVER,
  ...Object.values(TIME_PHRASES).flat(),
  ...Object.values(WEATHER_PHRASES).flat(),
  ...Object.values(LIGHT_PHRASES).flat(),
  ...Object.values(SKY_PHRASES).flat(),
  ...Object.values(STATE_ADJECTIVES),
  ...Object.values(STATE_VERBS).flat(),
  ...Object.values(PATTERN_PHRASES),
  ...Object.values(BUILD_ADJECTIVES),
  ...Object.values(RELATION_PHRASES).flat(),
  BOTH,
  ...COUNT_WORDS,
  ZERO,
  ...Object.values(QUESTIONS).flat(),
  ...Object.values(ANSWERS),
  YES,
  NO,
]);

/** Words and marks, as the tokenizer cuts them: "the man's shirt" is five of them. */
export function wordsOf(text: string): string[] {
  return text.match(/\w+|[^\w\s]+/g) ?? [];
}

function words(phrases: readonly string[]): string[] {
  const set = new Set(phrases.flatMap((phrase) => wordsOf(phrase.replace(/\{\w+\}/g, ' '))));
  return [...set].sort((a, b) => (a < b ? -1 : 1));
}
