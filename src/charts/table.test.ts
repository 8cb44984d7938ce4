import { describe, expect, it } from 'vitest';
import { type Column, moveRow, orderRows } from './table.ts';

interface Unit {
  readonly unit: number;
  readonly concept: string;
  readonly category: string;
  readonly iou: number;
}

const columns: readonly Column<Unit>[] = [
  { key: 'unit', label: 'Unit', kind: 'number', value: ({ unit }) => unit },
  { key: 'concept', label: 'Concept', kind: 'text', value: ({ concept }) => concept },
  { key: 'category', label: 'Category', kind: 'text', value: ({ category }) => category },
  { key: 'iou', label: 'IoU', kind: 'number', value: ({ iou }) => iou },
];
const rows: readonly Unit[] = [
  { unit: 0, concept: 'tree', category: 'object', iou: 0.1 },
  { unit: 1, concept: 'Red', category: 'color', iou: Number.NaN },
  { unit: 2, concept: 'car', category: 'object', iou: 0.3 },
  { unit: 3, concept: 'tree', category: 'object', iou: 0.2 },
  { unit: 4, concept: 'red car', category: 'part', iou: 0.3 },
];
const order = (options: Parameters<typeof orderRows<Unit>>[2]) => [...orderRows(rows, columns, options)];

describe('orderRows', () => {
  it('keeps the given order without a sort', () => {
    expect(order({})).toEqual([0, 1, 2, 3, 4]);
  });

  it('sorts numbers, ties in the given order, what is no number last either way', () => {
    expect(order({ sort: { key: 'iou', direction: 'descending' } })).toEqual([2, 4, 3, 0, 1]);
    expect(order({ sort: { key: 'iou', direction: 'ascending' } })).toEqual([0, 3, 2, 4, 1]);
  });

  it('sorts texts by language, not by code point', () => {
    expect(order({ sort: { key: 'concept', direction: 'ascending' }, language: 'en' })).toEqual([
      2, 1, 4, 0, 3,
    ]);
    expect(order({ sort: { key: 'concept', direction: 'descending' }, language: 'en' })).toEqual([
      0, 3, 4, 1, 2,
    ]);
  });

  it('filters by words over the text columns, and by a condition', () => {
    expect(order({ filter: 'RED' })).toEqual([1, 4]);
    expect(order({ filter: ' car  object ' })).toEqual([2]);
    expect(order({ filter: '3' })).toEqual([]);
    expect(order({ filter: 'e', keep: ({ iou }) => iou >= 0.2 })).toEqual([2, 3, 4]);
  });

  it('names an unknown column', () => {
    expect(() => order({ sort: { key: 'x', direction: 'ascending' } })).toThrow('no column: x');
  });

  it('sorts 100,000 rows in well under a second', () => {
    const many = Array.from({ length: 100_000 }, (_, unit) => ({
      unit,
      concept: `concept ${(unit * 7919) % 300}`,
      category: 'object',
      iou: ((unit * 104_729) % 99_991) / 99_991,
    }));
    for (const key of ['iou', 'concept']) {
      const start = performance.now();
      const sorted = orderRows(many, columns, { sort: { key, direction: 'ascending' }, filter: 'concept' });
      // Generous: machines that run tests are slow and shared. It takes about 100 ms.
      expect(performance.now() - start).toBeLessThan(1000);
      expect(sorted).toHaveLength(100_000);
    }
    const iou = [...orderRows(many, columns, { sort: { key: 'iou', direction: 'ascending' } })].map(
      (i) => many[i]!.iou,
    );
    expect(iou.every((value, i) => i === 0 || value >= iou[i - 1]!)).toBe(true);
  });
});

it('moves by keys and stays on the table', () => {
  expect(moveRow('ArrowDown', -1, 5, 3)).toBe(0);
  expect(moveRow('ArrowDown', 4, 5, 3)).toBe(4);
  expect(moveRow('ArrowUp', 0, 5, 3)).toBe(0);
  expect(moveRow('PageDown', 0, 5, 3)).toBe(3);
  expect(moveRow('PageUp', 4, 5, 3)).toBe(1);
  expect(moveRow('Home', 4, 5, 3)).toBe(0);
  expect(moveRow('End', 0, 5, 3)).toBe(4);
  expect(moveRow('a', 0, 5, 3)).toBeUndefined();
  expect(moveRow('End', 0, 0, 3)).toBeUndefined();
});
