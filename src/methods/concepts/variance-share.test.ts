import { expect, test } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import { varianceShare } from './variance-share.ts';

const rows = tensor(['image', 'embedding'], [4, 2], Float32Array.of(1, 0, 3, 0, 5, 0, 7, 0));

test('between the classes over the whole', () => {
  // Mean 4; squares 9 + 1 + 1 + 9 = 20; class means 2 and 6: 4 x 4 = 16.
  expect(varianceShare(rows, ['a', 'a', 'b', 'b'])).toBeCloseTo(16 / 20, 12);
  expect(varianceShare(rows, ['a', 'b', 'b', 'a'])).toBeCloseTo(0, 12);
  expect(varianceShare(rows, ['a', 'b', 'c', 'd'])).toBeCloseTo(1, 12);
});

test('rows without a class are left out', () => {
  // 1 and 7 remain: their own classes explain all of it.
  expect(varianceShare(rows, ['a', null, null, 'b'])).toBeCloseTo(1, 12);
  expect(varianceShare(rows, [null, null, null, 'b'])).toBeNaN();
  expect(() => varianceShare(rows, ['a'])).toThrow('1 classes for 4 rows');
});
