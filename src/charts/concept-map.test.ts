import { expect, test } from 'vitest';
import { tensor } from '../tensor/tensor.ts';
import { columnFigures, layoutConceptMap } from './concept-map.ts';

const figures = tensor(
  ['layer', 'position', 'concept'],
  [1, 3, 2],
  Float32Array.of(0.5, 0.1, 0.3, 0.2, 0.1, 0.9),
);

test('a column of several positions shows what most of them show', () => {
  const columns = [
    { key: 'i', label: 'picture', kind: 'image', positions: [0, 1] },
    { key: '2', label: 'car', kind: 'token', positions: [2] },
  ] as const;
  const [cells] = layoutConceptMap([[0, -1, 1]], figures, columns);
  expect(cells?.map(({ concept }) => concept)).toEqual([0, 1]);
  expect(cells?.[0]?.value).toBeCloseTo(0.4, 6);
  const [none] = layoutConceptMap([[-1, -1, -1]], figures, columns);
  expect(none?.map(({ concept }) => concept)).toEqual([-1, -1]);
});

test('figures of a column are means over its positions', () => {
  const [first, second] = columnFigures(figures, 0, [0, 1]);
  expect(first).toBeCloseTo(0.4, 6);
  expect(second).toBeCloseTo(0.15, 6);
});
