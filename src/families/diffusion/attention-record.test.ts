import { expect, test } from 'vitest';
import { AttentionRecord } from './attention-record.ts';

const taps = [
  { site: 'fine', output: 'f' },
  { site: 'coarse', output: 'c' },
];

function captured(step: number) {
  const value = (count: number, dims: readonly number[]) => ({
    type: 'float32' as const,
    dims,
    data: Float32Array.from({ length: count }, (_, i) => 1000 * step + i),
  });
  return { f: value(2 * 32 * 3, [1, 2, 32, 3]), c: value(1 * 8 * 3, [1, 1, 8, 3]) };
}

test('steps lie one after another, grids have the latents’ aspect', () => {
  const record = new AttentionRecord(taps, 2, 4, 8);
  expect(() => record.layers()).toThrow('0 of 2');
  record.add(captured(1));
  record.add(captured(2));
  expect(() => record.add(captured(3))).toThrow('announced 2');
  const [fine, coarse] = record.layers();
  expect([fine?.site, fine?.gridHeight, fine?.gridWidth]).toEqual(['fine', 4, 8]);
  expect([coarse?.site, coarse?.gridHeight, coarse?.gridWidth]).toEqual(['coarse', 2, 4]);
  expect(fine?.pattern.dims).toEqual([2, 2, 32, 3]);
  expect(coarse?.pattern.data[24 + 5]).toBe(2005);
  expect(fine?.pattern.data[192 + 100]).toBe(2100);
});

test('maps that fill no grid are refused', () => {
  const record = new AttentionRecord([{ site: 'odd', output: 'o' }], 1, 4, 8);
  const odd = { type: 'float32' as const, dims: [1, 1, 7, 3], data: new Float32Array(21) };
  expect(() => record.add({ o: odd })).toThrow('no grid');
});
