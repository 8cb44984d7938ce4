import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHalves, halfToNumber, toHalves } from './float16.ts';

const round = (value: number) => fromHalves(toHalves(Float32Array.of(value)))[0]!;

test('every half survives the way there and back', () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const numbers = fromHalves(all);
  toHalves(numbers).forEach((bits, i) => {
    const nan = (i & 0x7c00) === 0x7c00 && (i & 0x3ff) !== 0;
    if (nan ? !Number.isNaN(halfToNumber(bits)) : bits !== i)
      throw new Error(`half ${i} came back as ${bits}`);
  });
});

test('rounds to the nearest half, ties to even, overflow to infinity', () => {
  // Halves near 1 are 2^-10 apart above and 2^-11 below.
  expect(round(1 + 2 ** -11)).toBe(1);
  expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
  expect(round(1 + 2 ** -11 + 2 ** -20)).toBe(1 + 2 ** -10);
  expect(round(65_519)).toBe(65_504);
  expect(round(65_520)).toBe(Number.POSITIVE_INFINITY);
  expect(round(-1e9)).toBe(Number.NEGATIVE_INFINITY);
  expect(round(2 ** -25)).toBe(0);
  expect(round(2 ** -25 * 1.0001)).toBe(2 ** -24);
  expect(round(1e-30)).toBe(0);
});

test('no half lies nearer than the one chosen', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -65_504, max: 65_504 }), (value) => {
      const [bits] = toHalves(Float32Array.of(value));
      const distance = Math.abs(halfToNumber(bits!) - value);
      for (const near of [bits! - 1, bits! + 1]) {
        if (near >= 0 && near < 65_536 && Number.isFinite(halfToNumber(near))) {
          expect(Math.abs(halfToNumber(near) - value)).toBeGreaterThanOrEqual(distance);
        }
      }
    }),
  );
});
