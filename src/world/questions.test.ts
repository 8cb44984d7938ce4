import { expect, test } from 'vitest';
import { BUILDS, COLOUR_NAMES, LIGHTS, PATTERNS, PLACES, STATES, TIMES, WEATHERS } from './catalogue.ts';
import { COUNT_WORDS, ZERO } from './grammar.ts';
import { type Question, questions } from './questions.ts';
import { Random } from './random.ts';
import { sampleScene } from './scene.ts';
import { VOCABULARY, wordsOf } from './vocabulary.ts';

const ASKED = Array.from({ length: 5000 }, (_, seed) => {
  const scene = sampleScene(seed);
  return { scene, asked: questions(scene, new Random(seed, 4)) };
});

test('answers are true, of known words, and name their things', () => {
  const known = new Set(VOCABULARY);
  for (const { scene, asked } of ASKED) {
    const ids = new Set(scene.things.map(({ id }) => id));
    for (const question of asked) {
      const words = wordsOf(`${question.question} ${question.answer} ${question.sentence}`);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
      for (const id of [...question.subjects, ...question.references]) expect(ids.has(id)).toBe(true);
      const subject = scene.things.find(({ id }) => id === question.subjects[0]);
      const text = question.question.replace('?', '');
      if (question.type === 'color') expect(question.answer).toBe(subject?.color);
      if (question.type === 'left') {
        const named = scene.things.find(({ id }) => id === question.references[0])!;
        expect(subject?.kind).toBe(question.answer);
        expect(text.endsWith(named.kind)).toBe(true);
        expect(subject!.x).toBeLessThan(named.x);
        // Nothing else of another kind is there: the answer is the only one.
        const others = scene.things.filter((thing) => thing !== named && thing.x < named.x - 0.15);
        expect(others.filter((thing) => thing !== subject && thing.supporter !== named.id).length).toBe(0);
      }
      if (question.type === 'count')
        expect([ZERO, ...COUNT_WORDS].indexOf(question.answer)).toBe(question.subjects.length);
      if (question.type === 'is') expect(question.answer === 'yes').toBe(text.endsWith(subject!.state));
      if (question.type === 'there')
        expect(question.sentence).toBe(question.answer === 'yes' ? 'yes there is' : 'no there is not');
    }
  }
});

test('answers of a type are balanced', () => {
  const counts = (type: Question['type'], answers: readonly string[]) => {
    const all = ASKED.flatMap(({ asked }) => asked.filter((question) => question.type === type));
    expect(all.filter(({ answer }) => !answers.includes(answer))).toEqual([]);
    const seen = answers.map((answer) => all.filter((question) => question.answer === answer).length);
    return Math.max(...seen) / Math.min(...seen);
  };
  expect(counts('there', ['yes', 'no'])).toBeLessThan(1.15);
  expect(counts('is', ['yes', 'no'])).toBeLessThan(1.2);
  expect(counts('count', [ZERO, ...COUNT_WORDS])).toBeLessThan(1.5);
  expect(counts('time', TIMES)).toBeLessThan(1.3);
  expect(counts('weather', WEATHERS)).toBeLessThan(1.3);
  expect(counts('where', PLACES)).toBeLessThan(1.3);
  expect(counts('color', COLOUR_NAMES)).toBeLessThan(1.5);
  expect(counts('doing', STATES)).toBeLessThan(1.4);
  expect(counts('pattern', PATTERNS)).toBeLessThan(1.4);
  expect(counts('material', BUILDS)).toBeLessThan(1.3);
  expect(counts('light', LIGHTS)).toBeLessThan(1.15);
});
