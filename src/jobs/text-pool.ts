/** The phrases that heads are described with: everything the world's captions can say in a few words. */

import type { TextEmbeddings } from '../families/contrastive/encode.ts';
import {
  BUILDS,
  BUILT,
  COLOUR_NAMES,
  OBJECTS,
  PATTERNED,
  PATTERNS,
  PLACES,
  STATES,
  TIMES,
} from '../world/catalogue.ts';
import {
  BUILD_ADJECTIVES,
  COUNT_WORDS,
  describe,
  LIGHT_PHRASES,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PLURALS,
  TIME_PHRASES,
  WEATHER_PHRASES,
  withArticle,
} from '../world/grammar.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { embedPrompts, openTexts } from './contrastive-model.ts';
import { memo } from './memo.ts';
import type { Runtime } from './runtime.ts';

export interface TextPool {
  readonly phrases: readonly string[];
  /** Rows of length 1. */
  readonly embeddings: TextEmbeddings;
}

/** Words, things, things in colours, states, patterns, materials and numbers, places, times, weather, light, and combinations: 2,000 and more, each once. */
export const POOL_PHRASES: readonly string[] = [...new Set(phrases())];

export const textPool = memo(async (runtime: Runtime, id: string): Promise<TextPool> => {
  const model = await openTexts(runtime, id);
  return { phrases: POOL_PHRASES, embeddings: await embedPrompts(runtime, model, POOL_PHRASES) };
});

function* phrases(): Generator<string> {
  yield* VOCABULARY;
  const places = PLACES.map((place) => `${PLACE_PREPOSITIONS[place][0]!} ${PLACE_NOUNS[place][1]!}`);
  const times = TIMES.map((time) => TIME_PHRASES[time][0]!);
  for (const place of places) {
    yield place;
    for (const time of times) yield `${place} ${time}`;
  }
  yield* times;
  const skies = [...Object.values(WEATHER_PHRASES), ...Object.values(LIGHT_PHRASES)].map(([first]) => first!);
  yield* skies;
  for (const kind of OBJECTS) {
    const thing = withArticle(kind);
    yield thing;
    for (const place of places) yield `${thing} ${place}`;
    for (const sky of skies) yield `${thing} ${sky}`;
    for (const state of STATES) yield withArticle(`${state} ${kind}`);
    if (PATTERNED.has(kind)) for (const pattern of PATTERNS) yield withArticle(`${pattern} ${kind}`);
    if (BUILT.has(kind)) for (const build of BUILDS) yield withArticle(`${BUILD_ADJECTIVES[build]} ${kind}`);
    for (const count of COUNT_WORDS.slice(1)) yield `${count} ${PLURALS[kind]}`;
    for (const time of times) yield `${thing} ${time}`;
    for (const color of COLOUR_NAMES) {
      const painted = describe(kind, color);
      yield painted;
      for (const place of places) yield `${painted} ${place}`;
      for (const time of times) yield `${painted} ${time}`;
      for (const place of places) yield `${painted} ${place} ${TIME_PHRASES.night[0]!}`;
    }
  }
}
