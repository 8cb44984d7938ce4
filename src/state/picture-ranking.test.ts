import { describe, expect, it } from 'vitest';
import type { DissectionRow } from '../protocol/dissection.ts';
import { tensor } from '../tensor/tensor.ts';
import { rankPicture } from './picture-ranking.ts';

const row = (unit: number, threshold: number, dead = false): DissectionRow => ({
  unit,
  concept: 'car',
  category: 'object',
  iou: 0.1,
  ceiling: 1,
  coverage: 0.1,
  auc: 0.7,
  threshold,
  runnerUp: '',
  runnerUpIou: 0,
  next: [],
  dead,
});

/** Four units on 1 x 3 places. */
const maps = tensor(['unit', 'y', 'x'], [4, 1, 3], Float32Array.of(1, 4, 0, 9, 0, 0, -1, -2, 0.5, 7, 7, 7));
const rows = [row(0, 2), row(1, 3), row(2, -1), row(3, 0.1, true)];
const ranked = (place: number | 'none') =>
  rankPicture(maps, rows, place).map(({ unit, activation, ratio }) => [unit, activation, ratio]);

describe('rankPicture', () => {
  it('ranks by how far a unit rises above its own threshold, anywhere', () => {
    expect(ranked('none')).toEqual([
      [1, 9, 3],
      [2, 0.5, 2.5],
      [0, 4, 2],
    ]);
  });

  it('or at one place; what does not fire there is left out', () => {
    expect(ranked(1)).toEqual([[0, 4, 2]]);
    expect(ranked(0)).toEqual([[1, 9, 3]]);
    expect(() => ranked(3)).toThrow('no place 3 of 3');
  });
});
