import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edit, PLAIN_EDIT } from '../protocol/steer.ts';
import { isPlain, readEdit, writeEdit } from './edit-link.ts';

const hundredths = (low: number, high: number) =>
  fc.integer({ min: low * 100, max: high * 100 }).map((value) => value / 100);
const word = fc.integer({ min: 0, max: 99 });
const steps = fc
  .tuple(hundredths(0, 1), hundredths(0, 1))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const region = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 })
  .map((digits) => digits.join(''));
const edits: fc.Arbitrary<Edit> = fc.record({
  prompt: fc.constantFrom('', 'a blue car', 'an old car, at night - 50% *'),
  method: fc.constantFrom('own', 'replace', 'refine'),
  crossSteps: steps,
  selfSteps: steps,
  weights: fc.array(fc.record({ word, weight: hundredths(-2, 4) }), { maxLength: 4 }),
  renormalise: fc.boolean(),
  blend: fc.option(word),
  recolour: fc.option(fc.record({ word, to: fc.constant('blue'), recipe: fc.constantFrom('A', 'B') })),
  paint: fc.option(
    fc.record({
      words: fc.array(word, { minLength: 1, maxLength: 4 }),
      region,
      strength: hundredths(0, 20),
      steps,
    }),
  ),
  within: fc.option(region),
});

test('every edit comes back from a link', () => {
  fc.assert(
    fc.property(edits, (edit) => {
      expect(readEdit(writeEdit(edit))).toEqual(edit);
    }),
  );
});

test('what is no edit is refused, never half read', () => {
  for (const text of [
    '',
    'x1',
    'w1',
    'w1*9',
    'mother',
    'c1-0',
    'r1*C*blue',
    'i00',
    't1*00*1*0-1',
    'p',
    'b-1',
  ]) {
    expect(readEdit(text), text).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const edit = readEdit(text);
      if (edit) expect(readEdit(writeEdit(edit))).toEqual(edit);
    }),
  );
});

test('an edit that changes nothing is plain', () => {
  expect(isPlain(PLAIN_EDIT)).toBe(true);
  expect(isPlain({ ...PLAIN_EDIT, weights: [{ word: 1, weight: 1 }], blend: 2 })).toBe(true);
  expect(isPlain({ ...PLAIN_EDIT, weights: [{ word: 1, weight: 0 }] })).toBe(false);
});
