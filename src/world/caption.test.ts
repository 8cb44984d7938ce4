import { expect, test } from 'vitest';
import { captions, claimedCaptions, describe, fullCaption, MOST_WORDS } from './caption.ts';
import { COLOUR_NAMES, OBJECTS, PLACES, STATES, TIMES, WEATHERS } from './catalogue.ts';
import { FACTS, factsOf, isTrueOf } from './facts.ts';
import { Random } from './random.ts';
import { RELATIONS } from './relations.ts';
import { sampleScene } from './scene.ts';
import { VOCABULARY, wordsOf } from './vocabulary.ts';

const SEEDS = Array.from({ length: 2500 }, (_, seed) => seed);
const MENTION = new RegExp(
  `\\b(${COLOUR_NAMES.join('|')}) (?:wooden |brick )?(${OBJECTS.join('|')})\\b`,
  'g',
);

test('captions are true of their scenes, in the vocabulary, and short', () => {
  const known = new Set(VOCABULARY);
  let related = 0;
  for (const seed of SEEDS) {
    const scene = sampleScene(seed);
    for (const { text, claims } of [...claimedCaptions(scene, new Random(seed, 4), 2), fullCaption(scene)]) {
      const words = wordsOf(text);
      expect(text).toMatch(/^[a-z]+( [a-z]+)*$/);
      expect(words.length).toBeLessThanOrEqual(MOST_WORDS);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
      expect(isTrueOf(claims, scene), `${text}: ${claims.join(', ')}`).toBe(true);
      // What the words say, read back without the grammar: coloured things, places, hours, states.
      for (const [, color, kind] of text.matchAll(MENTION)) {
        expect(scene.things.some((thing) => thing.color === color && thing.kind === kind)).toBe(true);
      }
      for (const place of PLACES) if (words.includes(place)) expect(scene.place).toBe(place);
      for (const time of TIMES) if (words.includes(time)) expect(scene.time).toBe(time);
      for (const state of STATES)
        if (words.includes(state)) expect(scene.things.some((thing) => thing.state === state)).toBe(true);
      if (words.includes('rain')) expect(scene.weather).toBe('rain');
      if (words.includes('snow')) expect(scene.weather).toBe('snow');
      if (/(left|right) of|above|in front| on top/.test(text)) related++;
    }
  }
  expect(related).toBeGreaterThan(400);
});

test('the facts of a scene are those of the list, and relations', () => {
  const listed = new Set(FACTS);
  expect(listed.size).toBe(FACTS.length);
  const relation = new RegExp(`^(${OBJECTS.join('|')}) (${RELATIONS.join('|')}) (${OBJECTS.join('|')})$`);
  for (const seed of SEEDS.slice(0, 1000)) {
    const scene = sampleScene(seed);
    const facts = factsOf(scene);
    expect(facts.filter((fact) => !listed.has(fact) && !relation.test(fact))).toEqual([]);
    expect(isTrueOf([`weather ${WEATHERS.find((weather) => weather !== scene.weather)}`], scene)).toBe(false);
  }
});

test('a full caption tells a scene from most others', () => {
  const scenes = SEEDS.slice(0, 300).map((seed) => sampleScene(seed));
  const facts = scenes.map((scene) => new Set(factsOf(scene)));
  const alone = scenes.filter((scene) => {
    const { claims } = fullCaption(scene);
    return facts.filter((set) => claims.every((claim) => set.has(claim))).length === 1;
  });
  expect(alone.length).toBeGreaterThan(285);
});

test('about 15% of the captions are partial, and no sentence pattern rules', () => {
  let partial = 0;
  const starts = new Map<string, number>();
  for (const seed of SEEDS) {
    const scene = sampleScene(seed);
    const [caption] = captions(scene, new Random(seed, 4), 1);
    const kinds = new Set(scene.things.map(({ kind }) => kind));
    const named = OBJECTS.filter((kind) => kinds.has(kind) && caption!.includes(kind.slice(0, 4)));
    if ((named.length < kinds.size && !caption!.includes('people')) || wordsOf(caption!).length < 3)
      partial++;
    const start = caption!.split(' ')[0]!;
    starts.set(start, (starts.get(start) ?? 0) + 1);
  }
  expect(partial / SEEDS.length).toBeGreaterThan(0.06);
  expect(partial / SEEDS.length).toBeLessThan(0.2);
  expect(starts.size).toBeGreaterThan(12);
});

test('the vocabulary holds 150 to 230 words, all of the old ones', () => {
  expect(VOCABULARY.length).toBeGreaterThanOrEqual(150);
  expect(VOCABULARY.length).toBeLessThanOrEqual(230);
  expect(wordsOf("what color is the man's shirt?").every((word) => VOCABULARY.includes(word))).toBe(true);
});

test('the canonical prompt', () => {
  expect(describe('car', 'red')).toBe('a red car');
  expect(describe('ball', 'orange')).toBe('an orange ball');
  expect(describe('person', 'orange')).toBe('a person in an orange shirt');
});
