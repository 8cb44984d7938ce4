import { expect, test } from 'vitest';
import { captions, describe, MOST_WORDS } from './caption.ts';
import { COLOUR_NAMES, OBJECTS, PLACES, TIMES } from './catalogue.ts';
import { questions } from './questions.ts';
import { Random } from './random.ts';
import { type Scene, sampleScene, type Thing } from './scene.ts';
import { isUnseenColour, isUnseenPlace, UNSEEN_COLOURS, unseenCombination } from './split.ts';
import { VOCABULARY } from './vocabulary.ts';

const MENTION = new RegExp(
  `(?:an? (${COLOUR_NAMES.join('|')}) (${OBJECTS.join('|')}))|(?:a person in an? (\\w+) shirt(?: and (\\w+) trousers)?)`,
  'g',
);

/** The things that a caption names, read back from its words and looked up in the scene. */
function mentioned(caption: string, scene: Scene): Thing[] {
  return [...caption.matchAll(MENTION)].map((match) => {
    const color = match[1] ?? match[3];
    const kind = match[2] ?? 'person';
    const found = scene.things.find(
      (thing) =>
        thing.kind === kind &&
        thing.color === color &&
        (match[4] === undefined || thing.secondColor === match[4]),
    );
    expect(found, `${match[0]} in "${caption}"`).toBeDefined();
    return found!;
  });
}

test('captions are true of their scenes, in the vocabulary, and short', () => {
  const known = new Set(VOCABULARY);
  let related = 0;
  for (let seed = 0; seed < 5000; seed++) {
    const scene = sampleScene(seed);
    const random = new Random(seed, 4);
    for (const caption of captions(scene, random, 2)) {
      const words = caption.split(' ');
      expect(words.length).toBeLessThanOrEqual(MOST_WORDS);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
      const things = mentioned(caption, scene);
      for (const place of PLACES) if (words.includes(place)) expect(scene.place).toBe(place);
      for (const time of TIMES) if (words.includes(time)) expect(scene.time).toBe(time);
      if (words.includes('sun')) expect(scene.sky.some(({ kind }) => kind === 'sun')).toBe(true);
      if (words.includes('moon')) expect(scene.sky.some(({ kind }) => kind === 'moon')).toBe(true);
      if (words.includes('cloud')) expect(scene.sky.some(({ kind }) => kind === 'cloud')).toBe(true);
      // Two things of one kind and colour cannot be told apart here.
      const twins =
        new Set(scene.things.map(({ kind, color }) => describe(kind, color))).size < scene.things.length;
      const [x, y] = things;
      if (!x || !y || twins) continue;
      if (caption.includes(' left of ')) expect(x.x).toBeLessThan(y.x);
      if (caption.includes(' right of ')) expect(x.x).toBeGreaterThan(y.x);
      if (/(left|right) of/.test(caption)) related++;
    }
    for (const { question, answer } of questions(scene, random)) {
      expect(`${question} ${answer}`.split(' ').filter((word) => !known.has(word))).toEqual([]);
    }
  }
  expect(related).toBeGreaterThan(200);
});

test('about 15% of the captions are partial', () => {
  let partial = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const scene = sampleScene(seed);
    const [caption] = captions(scene, new Random(seed, 4), 1);
    if (mentioned(caption!, scene).length < scene.things.length || caption!.split(' ').length < 3) partial++;
  }
  expect(partial / 4000).toBeGreaterThan(0.09);
  expect(partial / 4000).toBeLessThan(0.2);
});

test('answers of a type are balanced', () => {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < 4000; seed++) {
    for (const { type, answer } of questions(sampleScene(seed), new Random(seed, 4))) {
      seen.set(`${type} ${answer}`, (seen.get(`${type} ${answer}`) ?? 0) + 1);
    }
  }
  const share = (type: string, answers: readonly string[]) => {
    const counts = answers.map((answer) => seen.get(`${type} ${answer}`) ?? 0);
    return Math.max(...counts) / Math.min(...counts);
  };
  expect(share('there', ['yes', 'no'])).toBeLessThan(1.2);
  expect(share('count', ['one', 'two', 'three'])).toBeLessThan(1.5);
  expect(share('time', TIMES)).toBeLessThan(1.4);
  expect(share('color', COLOUR_NAMES)).toBeLessThan(1.5);
  expect(share('where', PLACES)).toBeLessThan(1.5);
});

test('the train split never holds an unseen pair, the held-out split does', () => {
  let unseen = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const train = sampleScene(seed, { split: 'train' });
    expect(unseenCombination(train)).toBe(false);
    for (const { kind, color } of train.things) {
      expect(isUnseenColour(kind, color) || isUnseenPlace(kind, train.place)).toBe(false);
    }
    const heldout = sampleScene(seed, { split: 'heldout' });
    expect({ ...heldout, split: 'train' }).not.toEqual(train);
    if (unseenCombination(heldout)) unseen++;
  }
  expect(unseen).toBeGreaterThan(400);
  const [color, kind] = UNSEEN_COLOURS[0]!;
  expect(() => sampleScene(1, { split: 'train', kinds: [kind], colors: [color] })).toThrow('no such pair');
});

test('the canonical prompt', () => {
  expect(describe('car', 'red')).toBe('a red car');
  expect(describe('ball', 'orange')).toBe('an orange ball');
  expect(describe('person', 'orange')).toBe('a person in an orange shirt');
});
