import { expect, test } from 'vitest';
import type { Value } from '../session.ts';
import { splitProbes, withProbes } from './probes.ts';
import { ProductRecord } from './product-record.ts';
import { SelfRecord } from './self-record.ts';

const tap = (site: string, queries: number, heads: number) => ({
  site,
  output: `${site}.out`,
  source: '',
  rowsPerImage: 1,
  queries,
  heads,
});
const value = (dims: readonly number[], fill: (at: number) => number): Value => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => fill(at)),
});

const fixed = (dims: readonly number[], fill: (at: number) => number): Value => ({
  type: 'uint16',
  dims,
  data: Uint16Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => fill(at)),
});

test('self-attention keeps every step that fits, else evenly spaced ones, and says what it takes', () => {
  const taps = [tap('fine', 8, 2), tap('coarse', 2, 3)];
  const perStep = 2 * (2 * 64 + 3 * 4);
  const all = new SelfRecord(taps, 5, 2, 4, 5 * perStep);
  expect(all.bytes).toBe(5 * perStep);
  const record = new SelfRecord(taps, 9, 2, 4, 3 * perStep + 1);
  expect(record.bytes).toBe(3 * perStep);
  for (let step = 0; step < 9; step++) {
    const outputs = record.outputs(step);
    expect(outputs.length, `step ${step}`).toBe([0, 4, 8].includes(step) ? 2 : 0);
    record.add(step, {
      'fine.out': fixed([1, 2, 8, 8], (at) => 100 * step + at),
      'coarse.out': fixed([1, 3, 2, 2], () => 7),
    });
  }
  const [fine, coarse] = record.layers();
  expect([fine?.gridHeight, fine?.gridWidth, coarse?.gridHeight, coarse?.gridWidth]).toEqual([2, 4, 1, 2]);
  expect(fine?.steps).toEqual([0, 4, 8]);
  // The second kept step is step 4.
  expect(fine!.pattern[128 + 9]).toBe(400 + 9);
  expect(() => all.add(0, { 'fine.out': value([1, 2, 8, 8], () => 0) })).toThrow('fine.out: float32');
  expect(new SelfRecord(taps, 3, 2, 4, 0).layers()[0]?.steps).toEqual([]);
});

test('probes are taken out of the rows, and measured against them one by one', () => {
  const row = [0.1, 0.3, 0.4, 0.2];
  const { prompt, probes } = splitProbes({ dims: [1, 1, 1, 4], data: Float32Array.from(row) }, 2);
  expect(prompt.dims).toEqual([1, 1, 1, 2]);
  expect([...(prompt.data as Float32Array)].map((x) => Math.round(1e4 * x) / 1e4)).toEqual([0.25, 0.75]);
  // 0.4 / (0.4 + 0.4) and 0.2 / (0.2 + 0.4): what each would have beside the prompt without the other.
  expect([...(probes.data as Float32Array)].map((x) => Math.round(1e4 * x) / 1e4)).toEqual([0.5, 0.3333]);
  const text = { tokens: 1, width: 2, data: Float32Array.of(1, 2) };
  expect(withProbes(text, [Float32Array.of(3, 4)])).toEqual({
    tokens: 2,
    width: 2,
    data: Float32Array.of(1, 2, 3, 4),
  });
  expect(() => withProbes(text, [Float32Array.of(3)])).toThrow('1 values, not 2');
});

test('products are averaged over steps', () => {
  const record = new ProductRecord([{ site: 'a', products: 'p' }], 2, 4);
  record.add({ p: value([1, 8, 3], (at) => at) });
  record.add({ p: value([1, 8, 3], (at) => at + 4) });
  const [layer] = record.layers();
  expect([layer?.gridHeight, layer?.gridWidth, layer?.products[5]]).toEqual([2, 4, 7]);
});
