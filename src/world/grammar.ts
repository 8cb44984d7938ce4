import type {
  Build,
  Colour,
  Kind,
  Light,
  Pattern,
  Place,
  SkyKind,
  State,
  Time,
  Weather,
} from './catalogue.ts';

/** Every phrase that captions, questions and answers are made of. `{...}` is a slot; the vocabulary is computed from this file. */
export const PREFIXES = [
  'a picture of {x}',
  'a photo of {x}',
  'a drawing of {x}',
  'an image of {x}',
  'a cartoon of {x}',
  'a scene with {x}',
] as const;

/** The first three are the plainest; the second is the bare noun's phrase, as in "on the lawn". */
export const PLACE_NOUNS: Readonly<Record<Place, readonly string[]>> = {
  lawn: ['a lawn', 'the lawn', 'a green lawn', 'the grass', 'a meadow'],
  road: ['a road', 'the road', 'a grey road', 'a street', 'the street'],
  beach: ['a beach', 'the beach', 'a sandy beach', 'the shore', 'the beach'],
  sea: ['the sea', 'the sea', 'a blue sea', 'the ocean', 'the water'],
  desert: ['a desert', 'the desert', 'a dry desert', 'the dunes', 'a sandy desert'],
  city: ['a city', 'the city', 'a busy city', 'a town', 'the town'],
};
/** What a place in this weather is not: "a green lawn" under snow. */
export const WEATHER_CLASHES: Readonly<Record<Weather, readonly string[]>> = {
  clear: [],
  rain: ['dry'],
  snow: ['green', 'grey', 'blue', 'dry', 'sandy'],
};
export const WEATHER_PLACES: Readonly<Record<Weather, readonly string[]>> = {
  clear: [],
  rain: ['a wet {noun}', 'a rainy {noun}'],
  snow: ['a snowy {noun}', 'a white {noun}'],
};
export const PLACE_PREPOSITIONS: Readonly<Record<Place, readonly string[]>> = {
  lawn: ['on'],
  road: ['on'],
  beach: ['on'],
  sea: ['on'],
  desert: ['in'],
  city: ['in'],
};
export const OVER = [
  'over {place}',
  'above {place}',
  'in the sky over {place}',
  'in the air over {place}',
] as const;

export const TIME_PHRASES: Readonly<Record<Time, readonly string[]>> = {
  day: ['by day', 'during the day'],
  night: ['at night', 'during the night'],
  sunset: ['at sunset', 'in the evening'],
};

export const WEATHER_PHRASES: Readonly<Record<Weather, readonly string[]>> = {
  clear: ['in clear weather', 'in dry weather'],
  rain: ['in the rain', 'in rainy weather', 'while it rains'],
  snow: ['in the snow', 'in snowy weather', 'while it snows'],
};

export const LIGHT_PHRASES: Readonly<Record<Light, readonly string[]>> = {
  left: ['lit from the left', 'with light from the left'],
  right: ['lit from the right', 'with light from the right'],
};

export const SKY_PHRASES: Readonly<Record<SkyKind, readonly string[]>> = {
  sun: ['with the sun in the sky', 'under the sun'],
  moon: ['with the moon in the sky', 'under the moon'],
  cloud: ['with a cloud in the sky', 'under a cloud'],
};

/** Before the noun, and after it. */
export const STATE_ADJECTIVES: Readonly<Record<State, string>> = {
  resting: 'resting',
  falling: 'falling',
  floating: 'floating',
};
export const STATE_VERBS: Readonly<Record<State, readonly string[]>> = {
  resting: ['resting', 'standing still'],
  falling: ['falling', 'falling down', 'dropping'],
  floating: ['floating', 'hovering'],
};
export const PATTERN_PHRASES: Readonly<Record<Pattern, string>> = {
  plain: 'without a pattern',
  striped: 'with stripes',
  dotted: 'with dots',
  checked: 'with checks',
};
export const BUILD_ADJECTIVES: Readonly<Record<Build, string>> = {
  plain: 'plain',
  wood: 'wooden',
  brick: 'brick',
};
export const STATURES = ['big', 'small'] as const;

export const RELATION_PHRASES = {
  'left of': ['{x} left of {y}', '{x} to the left of {y}', 'left of {y} is {x}'],
  'right of': ['{x} right of {y}', '{x} to the right of {y}', 'right of {y} is {x}'],
  above: ['{x} above {y}', '{x} high above {y}'],
  below: ['{x} below {y}', '{x} under {y}'],
  on: ['{x} on {y}', '{x} on top of {y}', 'on {y} is {x}'],
  'in front of': ['{x} in front of {y}', 'in front of {y} is {x}'],
  behind: ['{x} behind {y}', '{x} partly hidden by {y}'],
  'next to': ['{x} next to {y}', '{x} beside {y}'],
} as const;
export const BOTH = '{x} and {y}';

/** `core` is the things, `where` the place, `when` time and weather. Word order differs; the plain order is the commonest. */
export const SENTENCES = [
  '{core} {where} {when}',
  '{core} {when} {where}',
  '{where} {when} {core}',
  '{when} {core} {where}',
  'there {is} {core} {where} {when}',
  '{where} there {is} {core} {when}',
  '{when} there {is} {core} {where}',
  'the picture shows {core} {where} {when}',
  'we see {core} {where} {when}',
] as const;

export const COUNT_WORDS = ['one', 'two', 'three', 'four'] as const;
export const ZERO = 'zero';

export const PLURALS: Readonly<Record<Kind, string>> = {
  car: 'cars',
  bus: 'buses',
  house: 'houses',
  tree: 'trees',
  flower: 'flowers',
  person: 'people',
  dog: 'dogs',
  cat: 'cats',
  bird: 'birds',
  boat: 'boats',
  ball: 'balls',
  kite: 'kites',
  taxi: 'taxis',
  truck: 'trucks',
  tower: 'towers',
  bench: 'benches',
  lamp: 'lamps',
  umbrella: 'umbrellas',
  balloon: 'balloons',
  plane: 'planes',
  duck: 'ducks',
  mushroom: 'mushrooms',
};

/** `{x}` is the thing asked about, "the red ball". */
export const QUESTIONS = {
  color: ['what color is {x}', 'which color does {x} have', 'what colour is {x}', 'what is the color of {x}'],
  shirt: [
    'what color is the shirt',
    'what color is the shirt of {x}',
    "what color is {x}'s shirt",
    'what colour is the shirt of {x}',
  ],
  trousers: [
    'what color are the trousers',
    'what color are the trousers of {x}',
    'what colour are the trousers',
  ],
  left: ['what is left of {x}', 'what is to the left of {x}'],
  right: ['what is right of {x}', 'what is to the right of {x}'],
  above: ['what is above {x}'],
  below: ['what is below {x}', 'what is under {x}'],
  on: ['what is on {x}', 'what is on top of {x}'],
  front: ['what is in front of {x}'],
  count: ['how many {many} are there', 'how many {many} are in the picture', 'how many {many} do we see'],
  there: ['is there {x}', 'is there {x} in the picture', 'does the picture show {x}'],
  where: ['where is {x}', 'what is the place', 'which place is it'],
  time: ['what time of day is it', 'is it day night or sunset'],
  weather: ['what is the weather', 'what is the weather like'],
  is: ['is {x} {state}'],
  doing: ['what is {x} doing', 'what does {x} do'],
  pattern: ['what pattern does {x} have', 'which pattern is on {x}'],
  material: ['what is {x} made of', 'which material is {x} made of'],
  light: ['from which side is the light', 'where does the light come from'],
} as const;
export type QuestionType = keyof typeof QUESTIONS;

/** The answer in a sentence. */
export const ANSWERS: Readonly<Record<QuestionType, string>> = {
  color: 'the color is {answer}',
  shirt: 'the shirt is {answer}',
  trousers: 'the trousers are {answer}',
  left: 'left of it is {one}',
  right: 'right of it is {one}',
  above: 'above it is {one}',
  below: 'below it is {one}',
  on: 'on it is {one}',
  front: 'in front of it is {one}',
  count: 'there {is} {answer}',
  there: '{answer} {there}',
  where: 'the place is the {answer}',
  time: 'it is {answer}',
  weather: 'the weather is {answer}',
  is: '{answer} it is {not}',
  doing: 'it is {answer}',
  pattern: 'the pattern is {answer}',
  material: 'the material is {answer}',
  light: 'the light is from the {answer}',
};

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
  return template
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = slots[name];
      if (value === undefined) throw new RangeError(`empty slot: ${name}`);
      return value;
    })
    .replace(/ +/g, ' ')
    .trim();
}
