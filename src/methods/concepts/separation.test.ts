import { expect, test } from 'vitest';
import { separation, shuffledAuc } from './separation.ts';

test('AUC counts pairs in the right order, ties by half', () => {
  const shown = [true, false, true, false];
  // Pairs: 3>1, 3>2, 2>1, 2=2.
  expect(separation([3, 1, 2, 2], shown).auc).toBe(3.5 / 4);
  expect(separation([4, 1, 3, 2], shown)).toMatchObject({ auc: 1, positives: 2, negatives: 2 });
  expect(separation([1, 4, 2, 3], shown).auc).toBe(0);
  expect(separation([5, 5, 5, 5], shown)).toMatchObject({ auc: 0.5, effect: 0 });
});

test("the effect is Cohen's d, in pooled standard deviations", () => {
  // Means 4 and 1, each side's squares 2: pooled deviation sqrt((2 + 2) / 2).
  expect(separation([3, 5, 0, 2], [true, true, false, false]).effect).toBeCloseTo(3 / Math.sqrt(2), 12);
});

test('no figure without both sides', () => {
  expect(separation([1, 2], [true, true])).toMatchObject({
    auc: Number.NaN,
    effect: Number.NaN,
    negatives: 0,
  });
  expect(() => separation([1], [true, false])).toThrow('1 values for 2 labels');
});

test('shuffled labels stay around a half, closer the more scenes there are', () => {
  let state = 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const few = shuffledAuc(5, 20, random);
  const many = shuffledAuc(100, 400, random);
  // The AUC of noise has variance (n + 1) / (12 p q): 1.96 deviations are 0.290 and 0.063.
  expect(few.high - few.low).toBeGreaterThan(0.45);
  expect(few.high - few.low).toBeLessThan(0.7);
  expect(many.high - many.low).toBeGreaterThan(0.1);
  expect(many.high - many.low).toBeLessThan(0.15);
  expect((many.high + many.low) / 2).toBeCloseTo(0.5, 1);
});
