import { expect, test } from 'vitest';
import { norm } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { gaussian, Random } from '../../world/random.ts';
import { StateVariance } from './matched-directions.ts';

/** Independent coordinates with standard deviations 1, 2, ... 6. */
function states(count: number) {
  const random = new Random(5);
  const width = 6;
  const data = Float32Array.from({ length: count * width }, (_, i) => (1 + (i % width)) * gaussian(random));
  return tensor(['image', 'width'], [count, width], data);
}

test('the variance along an axis is that of its coordinate', () => {
  const variance = new StateVariance(states(4000));
  // Population variance of 4,000 draws: within a few percent of 9.
  expect(variance.along([0, 0, 1, 0, 0, 0])).toBeCloseTo(9, 0);
});

test.each([1.5, 9, 30])('a matched direction has length 1 and the variance %f', (wanted) => {
  const variance = new StateVariance(states(400));
  const random = new Random(9);
  const drawn = Array.from({ length: 20 }, () => variance.matched(wanted, () => gaussian(random)));
  for (const direction of drawn) {
    expect(norm(direction)).toBeCloseTo(1, 5);
    // float32 directions
    expect(variance.along(direction) / wanted).toBeCloseTo(1, 4);
  }
  expect(drawn[0]).not.toEqual(drawn[1]);
});

test('a variance that no direction has is refused', () => {
  expect(() => new StateVariance(states(50)).matched(1e6, () => 0.3)).toThrow(
    'no direction has the variance',
  );
});
