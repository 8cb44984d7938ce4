import { describe, expect, it } from 'vitest';
import type { DissectionRow } from '../protocol/dissection.ts';
import { compareRows } from './comparison.ts';

const row = (concept: string, category: string, iou: number, dead = false): DissectionRow => ({
  unit: 0,
  concept,
  category,
  iou,
  ceiling: 1,
  coverage: 0,
  auc: 0.5,
  threshold: 1,
  runnerUp: '',
  runnerUpIou: 0,
  next: [],
  dead,
});

describe('compareRows', () => {
  const left = [row('car', 'object', 0.2), row('car', 'object', 0.04), row('red', 'color', 0.12)];
  const right = [
    row('car', 'object', 0.03),
    row('red', 'color', 0.05),
    row('sky', 'object', 0.05),
    row('red', 'color', 0.9, true),
    row('', '', 0),
  ];
  const compared = compareRows(left, right);

  it('counts detectors of both sides by category; what is dead or below 0.04 is none', () => {
    expect(compared.left).toEqual({ units: 3, detectors: 3, byCategory: { object: 2, color: 1 } });
    expect(compared.right).toEqual({ units: 5, detectors: 2, byCategory: { color: 1, object: 1 } });
  });

  it('lists every concept with its detectors on both sides', () => {
    expect(compared.concepts).toEqual([
      { concept: 'car', category: 'object', left: 2, right: 0 },
      { concept: 'red', category: 'color', left: 1, right: 1 },
      { concept: 'sky', category: 'object', left: 0, right: 1 },
    ]);
  });

  it('spreads the IoU of live units over common bins', () => {
    const { edges, left: ours, right: theirs } = compared.iou;
    expect(edges.at(-1)).toBe(0.2);
    expect(ours.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(ours.at(-1)).toBeCloseTo(1 / 3);
    // 0.05 and 0.05 of four live units fall into the seventh of 24 bins.
    expect(theirs[6]).toBe(0.5);
    expect(compareRows([], []).iou.left.every((share) => share === 0)).toBe(true);
  });
});
