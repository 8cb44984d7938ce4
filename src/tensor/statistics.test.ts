import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { area, mask } from './mask.ts';
import {
  cosine,
  dot,
  mean,
  norm,
  normalise,
  quantile,
  quantiles,
  softmax,
  standardDeviation,
} from './statistics.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('statistics', () => {
  it('gives closed-form mean and population deviation', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(standardDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(14 / 3), 12);
    expect(mean([])).toBeNaN();
  });

  it('interpolates quantiles between order statistics, whatever the order of values', () => {
    expect(quantiles([40, 10, 30, 20], [0, 0.5, 1, 0.1])).toEqual([10, 25, 40, 13]);
    expect(quantile([7], 0.3)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow('no values');
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow('NaN');
    expect(() => quantile([1], 1.5)).toThrow('1.5');
  });

  it('leaves the values of a quantile as they were', () => {
    const values = Float32Array.of(3, 1, 2);
    quantile(values, 0.5);
    expect([...values]).toEqual([3, 1, 2]);
  });

  it('has softmax rows that sum to 1, shift-invariant, without overflow', () => {
    expect(softmax([0, Math.log(3)])).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
    expect(softmax([1e5, 1e5 - 1])[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        expect(softmax(values).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('has cosines of known angles and of nothing', () => {
    expect(cosine([1, 0], [1, 1])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(cosine([2, -1], [-4, 2])).toBeCloseTo(-1, 12);
    expect(cosine([0, 0], [1, 2])).toBe(0);
    expect(() => dot([1], [1, 2])).toThrow('lengths 1 and 2');
  });

  it('normalises to length 1', () => {
    expect([...normalise([3, 4])]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    expect(norm(normalise([5, -2, 9]))).toBeCloseTo(1, 6);
    expect([...normalise([0, 0])]).toEqual([0, 0]);
  });

  it('counts a mask', () => {
    expect(area(mask(2, 3, Uint8Array.of(1, 0, 0, 255, 0, 1)))).toBe(3);
  });
});
