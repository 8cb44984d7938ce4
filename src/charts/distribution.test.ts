import { describe, expect, it } from 'vitest';
import { layoutDistribution } from './distribution.ts';

const none = () => [];

describe('layoutDistribution', () => {
  it('draws steps as high as the root of their share', () => {
    const { inside, outside, at, ticks } = layoutDistribution(
      { edges: [0, 1, 4], inside: [0.25, 0.75], outside: [1, 0] },
      { width: 40, height: 10 },
      () => [1, 3],
    );
    expect(outside).toBe('M0 10V0H10V10H40V10Z');
    expect(inside).toBe('M0 10V5H10V1.34H40V10Z');
    expect([at(-5), at(2), at(9)]).toEqual([0, 20, 40]);
    expect(ticks).toEqual([
      { value: 1, x: 10 },
      { value: 3, x: 30 },
    ]);
  });

  it('names edges that do not fit', () => {
    const size = { width: 1, height: 1 };
    expect(() => layoutDistribution({ edges: [0, 1], inside: [1, 0], outside: [1] }, size, none)).toThrow(
      '2 edges',
    );
    expect(() => layoutDistribution({ edges: [1, 1], inside: [1], outside: [1] }, size, none)).toThrow(
      'from 1 to 1',
    );
  });
});
