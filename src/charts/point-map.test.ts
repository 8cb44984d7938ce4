import { expect, test } from 'vitest';
import { tensor } from '../tensor/tensor.ts';
import { layoutPoints } from './point-map.ts';

test('one scale for both axes, the second one up, everything within the margin', () => {
  const points = tensor(['point', 'axis'], [3, 2], Float32Array.of(0, 0, 4, 0, 0, 1));
  expect(layoutPoints(points, { width: 100, height: 60, margin: 10 })).toEqual([
    { x: 10, y: 40 },
    { x: 90, y: 40 },
    { x: 10, y: 20 },
  ]);
});

test('a single point lies in the middle', () => {
  const points = tensor(['point', 'axis'], [1, 2], Float32Array.of(5, 7));
  expect(layoutPoints(points, { width: 100, height: 60, margin: 10 })).toEqual([{ x: 50, y: 30 }]);
});
