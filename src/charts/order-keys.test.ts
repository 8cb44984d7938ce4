import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByKeys } from './order-keys.ts';

const everyOne = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

describe('orderByKeys', () => {
  it('orders as a sort that compares does: any doubles, ties by index, NaN last either way', () => {
    // Numbers of 24 bits: those that differ, differ by more than a place takes.
    const number = fc.float({ noDefaultInfinity: true });
    const key = fc.oneof(
      number,
      fc.constantFrom(0, -0, Number.NaN, 1, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(key), fc.constantFrom('ascending', 'descending'), (keys, direction) => {
        const sign = direction === 'ascending' ? 1 : -1;
        const expected = keys
          .map((value, i) => ({ value, i }))
          .sort((a, b) => {
            const nan = Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
            if (nan !== 0) return nan;
            return a.value === b.value || Number.isNaN(a.value)
              ? a.i - b.i
              : sign * (a.value < b.value ? -1 : 1);
          })
          .map(({ i }) => i);
        expect([...orderByKeys(everyOne(keys.length), Float64Array.from(keys), direction)]).toEqual(expected);
      }),
    );
  });

  it('orders only what was kept, and leaves that alone', () => {
    const kept = Uint32Array.of(3, 1, 0);
    expect([...orderByKeys(kept, Float64Array.of(5, 7, 1, 6), 'ascending')]).toEqual([0, 3, 1]);
    expect([...kept]).toEqual([3, 1, 0]);
  });
});
