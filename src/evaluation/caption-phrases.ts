/** The fixed phrases of captions and what each of them claims: places, times, weathers, light, the sky. */

import { PLACES, SKY_OBJECTS, TIMES, WEATHERS } from '../world/catalogue.ts';
import {
  fill,
  LIGHT_PHRASES,
  OVER,
  PLACE_NOUNS,
  PLACE_PREPOSITIONS,
  PREFIXES,
  SKY_PHRASES,
  TIME_PHRASES,
  WEATHER_PHRASES,
  WEATHER_PLACES,
} from '../world/grammar.ts';

export interface KnownPhrase {
  readonly words: readonly string[];
  readonly claims: readonly string[];
}

const EMPTY = ['there is', 'there are', 'the picture shows', 'we see', 'in the sky'];

/** The longest first, as "in the sky over the sea" begins like "in the sky". */
export const PHRASES: readonly KnownPhrase[] = [
  ...[...EMPTY, ...PREFIXES.map((prefix) => prefix.replace(' {x}', ''))].map((text) => known(text)),
  ...PLACES.flatMap((place) => [
    ...[place, ...PLACE_NOUNS[place]].flatMap((noun) => located(place, noun, [`place ${place}`])),
    ...WEATHERS.flatMap((weather) =>
      WEATHER_PLACES[weather].flatMap((template) =>
        located(place, fill(template, { noun: place }), [`place ${place}`, `weather ${weather}`]),
      ),
    ),
  ]),
  ...TIMES.flatMap((time) => TIME_PHRASES[time].map((text) => known(text, `time ${time}`))),
  ...WEATHERS.flatMap((weather) => WEATHER_PHRASES[weather].map((text) => known(text, `weather ${weather}`))),
  ...(['left', 'right'] as const).flatMap((side) =>
    LIGHT_PHRASES[side].map((text) => known(text, `light ${side}`)),
  ),
  ...SKY_OBJECTS.flatMap((kind) => SKY_PHRASES[kind].map((text) => known(text, kind))),
].sort((a, b) => b.words.length - a.words.length);

export function startsWith(words: readonly string[], at: number, start: readonly string[]): boolean {
  return start.every((word, i) => words[at + i] === word);
}

function located(place: (typeof PLACES)[number], noun: string, claims: readonly string[]): KnownPhrase[] {
  const texts = [
    noun,
    ...PLACE_PREPOSITIONS[place].map((preposition) => `${preposition} ${noun}`),
    ...OVER.map((template) => fill(template, { place: noun })),
  ];
  return texts.map((text) => known(text, ...claims));
}

function known(text: string, ...claims: readonly string[]): KnownPhrase {
  return { words: text.split(' '), claims };
}
