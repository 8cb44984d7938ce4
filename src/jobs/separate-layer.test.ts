import { expect, test } from 'vitest';
import { separateLayer, shuffledBands } from './separate-layer.ts';

test('a concept tells its scenes apart, what has no truth is none, and the null is told of the same labels', () => {
  // Scenes by concepts: the first rises with its label, the second falls.
  const scores = [
    [0.9, 0.1, 5],
    [0.8, 0.2, 5],
    [0.1, 0.3, 5],
    [0.2, 0.4, 5],
  ];
  const nulls = [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ];
  const shown = [true, true, false, false];
  const { auc, effect, randomBand } = separateLayer(scores, nulls, [shown, shown, null]);
  expect(auc).toEqual([1, 0, Number.NaN]);
  expect(effect[0]).toBeGreaterThan(0);
  expect(effect[1]).toBeLessThan(0);
  // One null vector is right and one is wrong: 2.5% and 97.5% of the way from 0 to 1.
  expect(randomBand[0]!.low).toBeCloseTo(0.025, 12);
  expect(randomBand[0]!.high).toBeCloseTo(0.975, 12);
  expect(randomBand[2]).toEqual({ low: Number.NaN, high: Number.NaN });
});

test('scenes that show a concept are counted; of what has no truth nothing is said', () => {
  const { positives, shuffled } = shuffledBands([[true, false, false], null], 3, () => 0);
  expect(positives).toEqual([1, -1]);
  // The first rank of three, drawn each time.
  expect(shuffled[0]).toEqual({ low: 0, high: 0 });
  expect(shuffled[1]).toEqual({ low: Number.NaN, high: Number.NaN });
});
