import { describe, expect, it } from 'vitest';
import { Random } from '../../world/random.ts';
import { shuffle } from './shuffle.ts';

const seeded = (seed: number): ((bound: number) => number) => {
  const random = new Random(seed);
  return (bound) => random.integer(bound);
};

describe('shuffle', () => {
  it('keeps every value and moves most', () => {
    const values = Float32Array.from({ length: 500 }, (_, i) => i * 0.5);
    const shuffled = values.slice();
    shuffle(shuffled, seeded(9));
    expect([...shuffled].sort((a, b) => a - b)).toEqual([...values]);
    expect(shuffled.filter((value, i) => value === values[i]).length).toBeLessThan(10);
  });

  it('repeats for a seed and differs between seeds', () => {
    const run = (seed: number): number[] => {
      const values = Uint16Array.from({ length: 40 }, (_, i) => i);
      shuffle(values, seeded(seed));
      return [...values];
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('is uniform over the six orders of three values', () => {
    const counts = new Map<string, number>();
    const below = seeded(4);
    for (let i = 0; i < 6000; i += 1) {
      const values = Uint8Array.of(0, 1, 2);
      shuffle(values, below);
      counts.set(values.join(''), (counts.get(values.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Standard deviation of each count is 29.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
