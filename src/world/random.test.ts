import { expect, test } from 'vitest';
import { gaussianNoise, naturalLogarithm, Random } from './random.ts';

test('the logarithm agrees with the engine to 1e-14', () => {
  const random = new Random(1);
  for (let i = 0; i < 5000; i++) {
    const x = (1 - random.uniform()) ** (1 + random.integer(30));
    const exact = Math.log(x);
    expect(Math.abs(naturalLogarithm(x) - exact)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(exact)));
  }
  expect(() => naturalLogarithm(0)).toThrow(RangeError);
});

test('gaussian noise has the moments and the tails of the normal distribution', () => {
  const n = 1_000_000;
  const noise = gaussianNoise(3, n);
  const moment = (power: number) => noise.reduce((sum, x) => sum + x ** power, 0) / n;
  // Tolerances are five standard errors: sqrt(var(x^k) / n).
  expect(Math.abs(moment(1))).toBeLessThan(0.005);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.0071);
  expect(Math.abs(moment(3))).toBeLessThan(0.0194);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.049);
  for (const [bound, tail] of [
    [2, 0.0455003],
    [3, 0.0026998],
    [4, 0.00006334],
  ] as const) {
    const seen = noise.reduce((sum, x) => sum + (Math.abs(x) > bound ? 1 : 0), 0);
    expect(Math.abs(seen - n * tail)).toBeLessThan(5 * Math.sqrt(n * tail));
  }
  expect(noise.every(Number.isFinite)).toBe(true);
});

test('a shorter noise is the beginning of a longer one, and seeds and streams differ', () => {
  expect(gaussianNoise(9, 5)).toEqual(gaussianNoise(9, 8).slice(0, 5));
  expect(gaussianNoise(9, 5)).not.toEqual(gaussianNoise(10, 5));
  expect(new Random(1, 1).next32()).not.toBe(new Random(1, 2).next32());
  expect(new Random(1).next32()).not.toBe(new Random(1 + 2 ** 32).next32());
});

test('integers are uniform', () => {
  const random = new Random(2);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  expect(() => random.integer(0)).toThrow('invalid bound: 0');
});
