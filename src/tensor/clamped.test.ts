import { describe, expect, it } from 'vitest';
import { Random } from '../world/random.ts';
import { meanClampedBicubic } from './clamped.ts';
import { resize } from './resize.ts';
import { type Grid, grid } from './tensor.ts';

/** Spiky maps, so that bicubic undershoots in many places. */
function spiky(random: Random, rows: number, columns: number): Grid {
  const value = (): number => (random.chance(0.3) ? random.uniform(0, 1) : 0.01);
  return grid(rows, columns, Float32Array.from({ length: rows * columns }, value));
}

describe('mean of clamped bicubic maps', () => {
  it.each([
    [64, 48],
    [7, 90],
    [4, 3],
  ])('equals enlarging and clamping each, to %i x %i', (height, width) => {
    const random = new Random(height);
    const sources = [
      spiky(random, 8, 8),
      spiky(random, 8, 8),
      spiky(random, 5, 9),
      spiky(random, 1, 3),
      spiky(random, 2, 16),
    ];
    const out = meanClampedBicubic(sources, height, width);
    const each = sources.map((source) => resize(source, height, width, 'bicubic').data);
    expect(out.dims).toEqual([height, width]);
    expect(each.some((data) => data.some((value) => value < -0.01))).toBe(true);
    for (let i = 0; i < out.data.length; i += 1) {
      const expected = each.reduce((sum, data) => sum + Math.max(0, data[i]!), 0) / sources.length;
      // float32 sums of order 1.
      expect(Math.abs(out.data[i]! - expected), `pixel ${i}`).toBeLessThan(5e-7);
      expect(out.data[i]!).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves its sources alone and refuses none', () => {
    const source = spiky(new Random(1), 3, 4);
    const before = [...source.data];
    meanClampedBicubic([source, source], 12, 8);
    expect([...source.data]).toEqual(before);
    expect(() => meanClampedBicubic([], 4, 4)).toThrow('no sources');
  });
});
