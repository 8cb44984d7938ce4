import { describe, expect, it } from 'vitest';
import { tensor } from '../../tensor/tensor.ts';
import { lookedAt } from './units.ts';

describe('lookedAt', () => {
  // Two queries, three units, places 2 x 2.
  const states = tensor(['token', 'unit'], [2, 3], Float32Array.of(1, 2, 3, 5, -6, 7));
  const looks = tensor(['query', 'y', 'x'], [2, 2, 2], Float32Array.of(0.5, 0.1, 0, 0, 0, 0.3, 0.2, 0));

  it('gives a place the states of the queries that look there, by their share of the looks', () => {
    const { dims, data } = lookedAt(states, looks);
    expect(dims).toEqual([3, 2, 2]);
    const places = [
      [1, 2, 3],
      [0.25 * 1 + 0.75 * 5, 0.25 * 2 - 0.75 * 6, 0.25 * 3 + 0.75 * 7],
      [5, -6, 7],
      [0, 0, 0],
    ];
    places.forEach((units, place) => {
      units.forEach((value, unit) => {
        expect(data[unit * 4 + place]).toBeCloseTo(value, 5);
      });
    });
  });

  it('refuses looks of other queries', () => {
    const other = tensor(['query', 'y', 'x'], [3, 1, 1], new Float32Array(3));
    expect(() => lookedAt(states, other)).toThrow(RangeError);
  });
});
