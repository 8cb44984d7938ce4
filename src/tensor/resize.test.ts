import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { axisWeights, type Interpolation, resize } from './resize.ts';
import { grid } from './tensor.ts';

interface Case {
  readonly interpolation: Interpolation;
  readonly from: [number, number];
  readonly to: [number, number];
  readonly source: number[];
  readonly result: number[];
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL('../methods/goldens/resize.json', import.meta.url), 'utf8'),
);

const bump = grid(3, 4, Float32Array.of(0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 1));

describe('resize', () => {
  it.each(cases)(
    'equals PyTorch: $interpolation $from to $to',
    ({ interpolation, from, to, source, result }) => {
      const out = resize(grid(from[0], from[1], Float32Array.from(source)), to[0], to[1], interpolation);
      expect(out.dims).toEqual(to);
      // Both sum a few float32 products of order 1, in different order.
      result.forEach((value, i) => {
        expect(Math.abs(out.data[i]! - value), `element ${i}`).toBeLessThan(3e-6);
      });
    },
  );

  it('puts values at pixel centres: doubling [0, 1] gives 0, 1/4, 3/4, 1', () => {
    expect([...resize(grid(1, 2, Float32Array.of(0, 1)), 1, 4, 'bilinear').data]).toEqual([0, 0.25, 0.75, 1]);
  });

  it('keeps a flat map flat and the same size unchanged, both ways', () => {
    for (const interpolation of ['bilinear', 'bicubic'] as const) {
      const flat = resize(grid(2, 5, new Float32Array(10).fill(0.75)), 9, 3, interpolation).data;
      for (const value of flat) expect(value).toBeCloseTo(0.75, 6);
      expect([...resize(bump, 3, 4, interpolation).data]).toEqual([...bump.data]);
    }
  });

  it('has weights that sum to 1', () => {
    for (const [from, to] of [
      [5, 17],
      [17, 5],
      [1, 3],
    ] as const) {
      const { weight } = axisWeights(from, to, 'bicubic');
      for (let o = 0; o < to; o += 1) {
        expect(weight.subarray(4 * o, 4 * o + 4).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      }
    }
  });

  it('rejects a size that is none', () => {
    expect(() => resize(bump, 0, 4, 'bilinear')).toThrow('invalid grid size: 0');
    expect(() => resize(bump, 3, 2.5, 'bicubic')).toThrow('invalid grid size: 2.5');
  });
});
