import { expect, test } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import { crossRollout, crossSinks } from './cross-rollout.ts';

const pattern = (heads: number, queries: number, keys: number, data: readonly number[]) =>
  tensor(['head', 'query', 'key'], [heads, queries, keys], Float32Array.from(data));

/** Two words over three positions of a picture, two heads; worked out by hand. */
const first = {
  self: pattern(2, 2, 2, [1, 0, 0.5, 0.5, 1, 0, 0.25, 0.75]),
  cross: pattern(2, 2, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0.5, 0.5]),
};

test('one layer: half of what is read, half of what was', () => {
  const { data, dims } = crossRollout([first]);
  expect(dims).toEqual([2, 5]);
  // Word 0: 0.5 of [0.5, 0, 0.5] over the picture, 0.5 of itself. Word 1 read itself with (0.5 + 0.75) / 2.
  const own = 0.5 * (0.5 + 0.5 * 0.625);
  expect([...data]).toEqual(
    [0.25, 0, 0.25, 0.5, 0, 0, 0.375, 0.125, 0.5 - own, own].map((value) => expect.closeTo(value, 6)),
  );
});

test('rows sum to 1, and an earlier word hands on what it read', () => {
  const { data } = crossRollout([first, first]);
  for (const row of [0, 1])
    expect(data.slice(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  // Word 1 never looks at position 0 itself.
  expect(data[5]).toBeCloseTo(0.5 * 0.5 * 0.375 * 0.25, 6);
});

test('a sink is where everything rests', () => {
  const resting = { ...first, cross: pattern(1, 2, 3, [0.9, 0.1, 0, 0.9, 0, 0.1]) };
  expect(crossSinks([resting])).toEqual([{ position: 0, share: expect.closeTo(0.9, 6) }]);
});
