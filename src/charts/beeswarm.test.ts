import { describe, expect, it } from 'vitest';
import { layoutSwarm } from './beeswarm.ts';

describe('layoutSwarm', () => {
  it('stacks dots that would overlap, keeps the order given, and holds what else is marked', () => {
    const { dots, at, domain } = layoutSwarm([1, 0, 1], { width: 108, height: 40, radius: 5 }, [2]);
    expect(domain).toEqual([-0.08, 2.08]);
    expect(at(0)).toBeCloseTo(4);
    expect(at(2)).toBeCloseTo(104);
    expect(dots).toEqual([
      { value: 1, x: 55, y: 35 },
      { value: 0, x: 5, y: 35 },
      { value: 1, x: 55, y: 25 },
    ]);
  });

  it('never leaves the picture, and takes equal values', () => {
    const { dots } = layoutSwarm(Array(50).fill(0.25), { width: 100, height: 30, radius: 2 });
    for (const { y } of dots) expect(y).toBeGreaterThanOrEqual(2);
    expect(Math.min(...dots.map(({ y }) => y))).toBeCloseTo(2);
    expect(() => layoutSwarm([], { width: 1, height: 1, radius: 1 })).toThrow('no values');
  });
});
