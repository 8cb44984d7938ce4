import type { Colour, Kind, Place, SkyKind, Time } from './catalogue.ts';

/** Every phrase that captions, questions and answers are made of. `{...}` is a slot; the vocabulary is computed from this file. */
export const PREFIXES = ['a picture of {x}', 'a photo of {x}', 'a drawing of {x}'] as const;

export const PLACE_NOUNS: Readonly<Record<Place, readonly string[]>> = {
  lawn: ['a lawn', 'the lawn', 'a green lawn'],
  road: ['a road', 'the road', 'a grey road'],
  beach: ['a beach', 'the beach', 'a sandy beach'],
  sea: ['the sea', 'the sea', 'a blue sea'],
  desert: ['a desert', 'the desert', 'a dry desert'],
  city: ['a city', 'the city', 'a busy city'],
};
export const PLACE_PREPOSITIONS: Readonly<Record<Place, readonly string[]>> = {
  lawn: ['on'],
  road: ['on'],
  beach: ['on'],
  sea: ['on'],
  desert: ['in'],
  city: ['in'],
};
export const OVER = ['over {place}', 'above {place}', 'in the sky over {place}'] as const;

export const TIME_PHRASES: Readonly<Record<Time, readonly string[]>> = {
  day: ['by day', 'during the day'],
  night: ['at night'],
  sunset: ['at sunset'],
};

export const SKY_PHRASES: Readonly<Record<SkyKind, readonly string[]>> = {
  sun: ['with the sun in the sky', 'under the sun'],
  moon: ['with the moon in the sky', 'under the moon'],
  cloud: ['with a cloud in the sky', 'under a cloud'],
};

export const BESIDE = '{x} next to {y}';
export const LEFT = '{x} left of {y}';
export const RIGHT = '{x} right of {y}';
export const ABOVE = '{x} above {y}';
export const BELOW = '{x} below {y}';
export const BOTH = '{x} and {y}';

export const COUNT_WORDS = ['one', 'two', 'three'] as const;

export const QUESTIONS = {
  color: ['what color is the {kind}', 'which color does the {kind} have'],
  shirt: ['what color is the shirt', 'what color is the shirt of the person'],
  trousers: ['what color are the trousers'],
  left: ['what is left of the {kind}'],
  right: ['what is right of the {kind}'],
  count: ['how many objects are there'],
  there: ['is there {x}', 'is there {x} in the picture'],
  where: ['where is the {kind}', 'what is the place'],
  time: ['what time of day is it', 'is it day night or sunset'],
} as const;
export type QuestionType = keyof typeof QUESTIONS;

export const YES = 'yes';
export const NO = 'no';

export function withArticle(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** The canonical prompt: "a red car", "a person in a red shirt". */
export function describe(kind: Kind, color: Colour): string {
  return kind === 'person' ? `a person in ${withArticle(`${color} shirt`)}` : withArticle(`${color} ${kind}`);
}

export function fill(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) throw new RangeError(`empty slot: ${name}`);
    return value;
  });
}
