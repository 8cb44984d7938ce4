import { describe, expect, it } from 'vitest';
import { quantile as exactQuantile } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { FloatHistogram } from './histogram.ts';
import { ThresholdFinder, type Thresholds } from './quantile.ts';

const [images, units, rows, columns] = [30, 5, 3, 4] as const;
const positions = rows * columns;

/** Unit 0 plain, 1 rectified, 2 dead, 3 all negative, 4 large. [image][unit * positions] */
function activations(): Float32Array[] {
  const random = new Random(11);
  return Array.from({ length: images }, () =>
    Float32Array.from({ length: units * positions }, (_, i) => {
      const value = random.uniform(-1, 1) + random.uniform(-1, 1);
      return [value, Math.max(0, value), 0.3, value - 5, value * 1e4][Math.floor(i / positions)]!;
    }),
  );
}

function find(quantile: number, exactBytes?: number): Thresholds {
  const finder = new ThresholdFinder({
    units,
    count: images * positions,
    quantile,
    ...(exactBytes === undefined ? {} : { exactBytes }),
  });
  for (const data of activations()) finder.add(tensor(['unit', 'y', 'x'], [units, rows, columns], data));
  return finder.thresholds();
}

function unitValues(unit: number): number[] {
  return activations().flatMap((data) => [...data.subarray(unit * positions, (unit + 1) * positions)]);
}

describe('thresholds', () => {
  it.each([0.005, 0.05, 0.31, 0.9, 0.0001])('are the exact quantile of all values, top %f', (quantile) => {
    const { threshold, relativeError } = find(quantile);
    expect(relativeError).toBe(0);
    for (let unit = 0; unit < units; unit += 1) {
      expect(threshold[unit], `unit ${unit}`).toBe(
        Math.fround(exactQuantile(unitValues(unit), 1 - quantile)),
      );
    }
  });

  it.each([0.005, 0.05, 0.31])('from histograms are off by the stated error at most, top %f', (quantile) => {
    const { threshold, relativeError } = find(quantile, 0);
    expect(relativeError).toBe(2 ** -7);
    for (let unit = 0; unit < units; unit += 1) {
      const sorted = unitValues(unit).sort((a, b) => b - a);
      const exact = exactQuantile(sorted, 1 - quantile);
      expect(Math.abs(threshold[unit]! - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -7 + 1e-30);
    }
  });

  it('knows dead units only by their never varying', () => {
    expect([...find(0.05).dead]).toEqual([0, 0, 1, 0, 0]);
  });

  it('takes a unit that is constant in each part, at another value, for alive', () => {
    const part = (...values: readonly number[]) => {
      const finder = new ThresholdFinder({ units: 2, count: 4, quantile: 0.5 });
      finder.add(tensor(['unit', 'y', 'x'], [2, 1, 2], Float32Array.from(values)));
      return finder;
    };
    const whole = part(1, 1, 5, 5);
    whole.merge(part(2, 2, 5, 5));
    expect([...whole.thresholds().dead]).toEqual([0, 1]);
    const later = new ThresholdFinder({ units: 2, count: 4, quantile: 0.5 });
    later.merge(part(1, 1, 5, 5));
    expect([...later.thresholds().dead]).toEqual([1, 1]);
  });

  it('refuses NaN, too many, too few', () => {
    const finder = (bytes: number) =>
      new ThresholdFinder({ units: 1, count: 4, quantile: 0.5, exactBytes: bytes });
    const two = (a: number, b: number) => tensor(['unit', 'y', 'x'], [1, 1, 2], Float32Array.of(a, b));
    for (const bytes of [0, 1e6]) expect(() => finder(bytes).add(two(1, Number.NaN))).toThrow('unit 0: NaN');
    const half = finder(1e6);
    expect(() => half.thresholds()).toThrow('no values came');
    half.add(two(1, 2));
    // Fewer than announced, as pictures that cannot be read leave behind: the quantile is that of what came.
    expect(half.thresholds().threshold[0]).toBe(
      Math.fround(exactQuantile([1, 2], 1 - half.thresholds().quantile)),
    );
    half.add(two(3, 4));
    expect(() => half.add(two(5, 6))).toThrow('more than the announced 4');
  });
});

describe('float histogram', () => {
  it('orders values of both signs and all sizes', () => {
    const values = [-1e30, -2, -1, -1e-20, 0, 1e-20, 1, 2, 3e30];
    const histogram = new FloatHistogram(2);
    for (const value of values) histogram.add(1, value);
    values.toReversed().forEach((value, rank) => {
      const read = histogram.fromTop(1, rank);
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -7 + 1e-40);
    });
    expect(() => histogram.fromTop(0, 0)).toThrow('no value of rank 0');
  });

  it('reads ranks evenly within a bin', () => {
    const histogram = new FloatHistogram(1);
    // One bin of four: 1 to 1 + 2^-7.
    for (const part of [0.1, 0.3, 0.6, 0.9]) histogram.add(0, 1 + part * 2 ** -7);
    for (const [rank, part] of [
      [0, 0.875],
      [3, 0.125],
    ] as const) {
      expect((histogram.fromTop(0, rank) - 1) * 2 ** 7).toBeCloseTo(part, 4);
    }
  });
});
