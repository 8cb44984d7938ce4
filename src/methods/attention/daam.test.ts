import { describe, expect, it } from 'vitest';
import type { LayerAttention } from '../../protocol/jobs.ts';
import { softmax } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { daam, laterHalf, tokenMap } from './daam.ts';
import { attentionProfile } from './profile.ts';

/** Random softmax rows over `tokens`. */
function layer(
  random: Random,
  site: string,
  gridHeight: number,
  gridWidth: number,
  steps: number,
  heads: number,
  tokens: number,
): LayerAttention {
  const rows = steps * heads * gridHeight * gridWidth;
  const data = new Float32Array(rows * tokens);
  for (let r = 0; r < rows; r += 1) {
    data.set(softmax(Array.from({ length: tokens }, () => random.uniform(-3, 3))), r * tokens);
  }
  const dims = [steps, heads, gridHeight * gridWidth, tokens] as const;
  return { site, gridHeight, gridWidth, pattern: tensor(['step', 'head', 'query', 'token'], dims, data) };
}

const random = new Random(5);
const layers = [layer(random, 'a', 3, 5, 2, 4, 7), layer(random, 'b', 6, 4, 2, 3, 7)];

/** Naive: one element of a layer's pattern. */
const at = ({ pattern }: LayerAttention, s: number, h: number, q: number, t: number): number =>
  pattern.data[((s * pattern.dims[1] + h) * pattern.dims[2] + q) * pattern.dims[3] + t]!;

/** Keys' kernel, a = -0.75, evaluated at a distance: independent of the tap tables. */
function kernel(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return 1.25 * x ** 3 - 2.25 * x ** 2 + 1;
  if (x < 2) return -0.75 * (x ** 3 - 5 * x ** 2 + 8 * x - 4);
  return 0;
}

/** Brute force of the recipe at one output pixel. */
function reference(
  chosen: readonly LayerAttention[],
  positions: readonly number[],
  [height, width, y, x]: readonly [number, number, number, number],
  steps: readonly number[],
  heads?: readonly number[],
): number {
  let total = 0;
  for (const one of chosen) {
    const used = heads ?? Array.from({ length: one.pattern.dims[1] }, (_, h) => h);
    for (const t of positions) {
      const cy = ((y + 0.5) * one.gridHeight) / height - 0.5;
      const cx = ((x + 0.5) * one.gridWidth) / width - 0.5;
      let value = 0;
      for (let gy = -3; gy < one.gridHeight + 3; gy += 1) {
        for (let gx = -3; gx < one.gridWidth + 3; gx += 1) {
          const q =
            Math.min(one.gridHeight - 1, Math.max(0, gy)) * one.gridWidth +
            Math.min(one.gridWidth - 1, Math.max(0, gx));
          let mean = 0;
          for (const s of steps) for (const h of used) mean += at(one, s, h, q, t);
          value += (kernel(gy - cy) * kernel(gx - cx) * mean) / (steps.length * used.length);
        }
      }
      total += Math.max(0, value) / (positions.length * chosen.length);
    }
  }
  return total;
}

describe('daam', () => {
  it.each([
    { name: 'all', selection: {}, chosen: layers, steps: [0, 1], heads: undefined },
    { name: 'one layer', selection: { site: 'b' }, chosen: [layers[1]!], steps: [0, 1], heads: undefined },
    { name: 'one head', selection: { head: 2 }, chosen: layers, steps: [0, 1], heads: [2] },
    { name: 'one step', selection: { step: 1 }, chosen: layers, steps: [1], heads: undefined },
    {
      name: 'the later half',
      selection: { step: 'late' as const },
      chosen: layers,
      steps: [1],
      heads: undefined,
    },
    {
      name: 'one map',
      selection: { site: 'a', head: 3, step: 0 },
      chosen: [layers[0]!],
      steps: [0],
      heads: [3],
    },
  ])('equals brute force: $name', ({ selection, chosen, steps, heads }) => {
    const { map, baseline } = daam(layers, [2, 5], 9, 8, selection);
    expect(map.dims).toEqual([9, 8]);
    expect(baseline).toBe(1 / 7);
    for (let y = 0; y < 9; y += 1) {
      for (let x = 0; x < 8; x += 1) {
        expect(map.data[y * 8 + x]).toBeCloseTo(reference(chosen, [2, 5], [9, 8, y, x], steps, heads), 6);
      }
    }
  });

  it('counts the middle one of an odd number of steps as late', () => {
    expect([1, 2, 5, 20, 25].map(laterHalf)).toEqual([0, 1, 2, 10, 12]);
  });

  it('shows a word that means nothing as the flat baseline', () => {
    const flat: LayerAttention = {
      ...layers[0]!,
      pattern: tensor(['step', 'head', 'query', 'token'], [2, 4, 15, 7], new Float32Array(840).fill(1 / 7)),
    };
    const { map, baseline } = daam([flat], [3], 6, 10);
    for (const value of map.data) expect(value).toBeCloseTo(baseline, 6);
  });

  it('has token maps that add up to 1 at every position', () => {
    const sums = new Float64Array(15);
    for (let t = 0; t < 7; t += 1) {
      tokenMap(layers[0]!, t).data.forEach((value, q) => {
        sums[q]! += value;
      });
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 6);
  });

  it('names what is not there', () => {
    expect(() => daam(layers, [2], 4, 4, { site: 'c' })).toThrow('unknown site: c');
    expect(() => daam(layers, [2], 4, 4, { head: 3 })).toThrow('b: no head 3 (of 3)');
    expect(() => daam(layers, [2], 4, 4, { step: 2 })).toThrow('a: no step 2');
    expect(() => daam(layers, [7], 4, 4)).toThrow('a: no token 7');
    expect(() => daam(layers, [], 4, 4)).toThrow('without tokens');
    expect(() => daam([], [1], 4, 4)).toThrow('no layers');
  });
});

describe('attention profile', () => {
  it('means and peaks along steps, heads and layers equal naive loops', () => {
    const mean = (one: LayerAttention, s: readonly number[], h: readonly number[]): number => {
      let sum = 0;
      for (const step of s)
        for (const head of h)
          for (let q = 0; q < one.pattern.dims[2]; q += 1) sum += at(one, step, head, q, 4);
      return sum / (s.length * h.length * one.pattern.dims[2]);
    };
    const [a, b] = layers as [LayerAttention, LayerAttention];
    const steps = attentionProfile(layers, [4], 'step');
    expect(steps.map(({ key }) => key)).toEqual([0, 1]);
    expect(steps[1]!.mean).toBeCloseTo((mean(a, [1], [0, 1, 2, 3]) + mean(b, [1], [0, 1, 2])) / 2, 6);
    const heads = attentionProfile(layers, [4], 'head');
    expect(heads.map(({ key }) => key)).toEqual([0, 1, 2, 3]);
    expect(heads[3]!.mean).toBeCloseTo(mean(a, [0, 1], [3]), 6);
    const sites = attentionProfile(layers, [4], 'site', { step: 0 });
    expect(sites.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(sites[1]!.mean).toBeCloseTo(mean(b, [0], [0, 1, 2]), 6);
    expect(sites[1]!.peak).toBe(Math.max(...tokenMap(b, 4, { step: 0 }).data));
  });
});
