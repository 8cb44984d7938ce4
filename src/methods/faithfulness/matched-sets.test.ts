import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchedSets, percentileAmong } from './matched-sets.ts';

const live = Array.from({ length: 100 }, (_, unit) => ({ unit, activity: 1.1 ** unit }));

describe('matchedSets', () => {
  it('holds as many other live units of like activity, none twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 30 }),
        fc.nat(),
        (chosen, s) => {
          let state = s;
          const below = (bound: number) => {
            state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
            return state % bound;
          };
          for (const set of matchedSets(live, chosen, 5, below)) {
            expect(set).toHaveLength(chosen.length);
            expect(new Set([...set, ...chosen]).size).toBe(2 * chosen.length);
            // At most 30 chosen and 29 taken lie nearer than the farthest of 20 neighbours, on both sides.
            set.forEach((unit, i) => {
              expect(Math.abs(unit - chosen[i]!)).toBeLessThanOrEqual(20 + 59);
            });
          }
        },
      ),
    );
    const [set] = matchedSets(live, [50], 1, () => 19);
    expect(set).toEqual([60]);
  });

  it('says when there are too few', () => {
    expect(() => matchedSets(live.slice(0, 3), [0, 1], 1, () => 0)).toThrow('1 other live units for 2');
  });
});

describe('percentileAmong', () => {
  it('counts ties half', () => {
    expect(percentileAmong(2, [1, 2, 3, 0])).toBe(0.625);
    expect(percentileAmong(9, [1, 2])).toBe(1);
    expect(percentileAmong(1, [])).toBeNaN();
  });
});
