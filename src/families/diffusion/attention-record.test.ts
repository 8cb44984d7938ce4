import { expect, test } from 'vitest';
import { Random } from '../../world/random.ts';
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

test('what does not fit the budget is thinned by rule: first grids finer than 32, then heads', () => {
  const [heads, side, tokens, steps] = [2, 64, 3, 2];
  const random = new Random(7);
  const rows = Float32Array.from({ length: heads * side * side * tokens }, () => random.uniform());
  const value = { type: 'float32' as const, dims: [1, heads, side * side, tokens], data: rows };
  const whole = 4 * steps * rows.length;
  const record = (budget: number) => {
    const made = new AttentionRecord([{ site: 's', output: 'o' }], steps, side, side, { budget });
    for (let step = 0; step < steps; step++) made.add({ o: value });
    return made;
  };
  const cell = (head: number, y: number, x: number) => rows[((head * side + y) * side + x) * tokens + 1]!;
  const pooled = (head: number) =>
    (cell(head, 6, 10) + cell(head, 6, 11) + cell(head, 7, 10) + cell(head, 7, 11)) / 4;
  const at = (3 * 32 + 5) * tokens + 1;

  const full = record(whole);
  expect([full.thinning, full.bytes]).toEqual(['none', whole]);
  expect(full.layers()[0]?.pattern.dims).toEqual([2, 2, 4096, 3]);

  const coarser = record(whole - 1);
  expect([coarser.thinning, coarser.bytes]).toEqual(['grid', whole / 4]);
  const [layer] = coarser.layers();
  expect([layer?.gridHeight, layer?.gridWidth, layer?.pattern.dims]).toEqual([32, 32, [2, 2, 1024, 3]]);
  expect(layer?.pattern.data[1024 * tokens + at]).toBeCloseTo(pooled(1), 6);

  const headless = record(whole / 4 - 1);
  expect([headless.thinning, headless.bytes]).toEqual(['heads', whole / 8]);
  expect(headless.layers()[0]?.pattern.dims).toEqual([2, 1, 1024, 3]);
  expect(headless.layers()[0]?.pattern.data[1024 * tokens + at]).toBeCloseTo((pooled(0) + pooled(1)) / 2, 6);
  // The last rule runs even where it does not suffice.
  expect(record(1).thinning).toBe('heads');
});
