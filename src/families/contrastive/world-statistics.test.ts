import { expect, test } from 'vitest';
import { readWorldStatistics, worldDistance, worldFeatures } from './world-statistics.ts';

const base64 = (values: readonly number[]) =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

/**
 * A Gaussian over three features with variance 9 along (0.6, 0.8, 0) and 0.25 elsewhere: then
 * A = sqrt(1 / 0.25 - 1 / 9) (0.6, 0.8, 0).
 */
const scale = Math.sqrt(4 - 1 / 9);
const json = {
  recipe: 'ppca-mahalanobis',
  rest: 0.25,
  threshold: 16,
  mean: base64([1, -2, 3]),
  A: base64([0.6 * scale, 0.8 * scale, 0]),
};

test('distance is Mahalanobis, in standard deviations', () => {
  const statistics = readWorldStatistics(json);
  expect(statistics.threshold).toBe(4);
  const at = (x: number, y: number, z: number) =>
    worldDistance(Float64Array.of(1 + x, -2 + y, 3 + z), statistics);
  expect(at(0, 0, 0)).toBe(0);
  expect(at(0.6 * 6, 0.8 * 6, 0)).toBeCloseTo(2, 4);
  expect(at(-0.8, 0.6, 0)).toBeCloseTo(2, 5);
  expect(at(0, 0, 1.5)).toBeCloseTo(3, 6);
  expect(at(Number.NaN, 0, 0)).toBeNaN();
  expect(() => worldDistance(new Float64Array(4), statistics)).toThrow('4 features');
});

test('features are the CLS state, then mean and deviation over patches', () => {
  // Three positions of width 2: CLS, then two patches.
  const features = worldFeatures(Float32Array.of(5, 6, 1, 10, 3, 30), 2);
  expect([...features]).toEqual([5, 6, 2, 20, 1, 10]);
  expect(() => worldFeatures(new Float32Array(5), 2)).toThrow('width 2');
});

test('another recipe is refused', () => {
  expect(() => readWorldStatistics({ ...json, recipe: 'knn' })).toThrow('recipe knn');
  expect(() => readWorldStatistics({ ...json, A: base64([1, 2]) })).toThrow('does not fit');
  expect(() => readWorldStatistics({ ...json, mean: '$$' })).toThrow('base64');
  expect(() => readWorldStatistics({ ...json, threshold: Number.NaN })).toThrow('threshold');
});
