import { afterAll, expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { GenerateParams, GenerateProgress, Generation } from '../protocol/jobs.ts';
import { generate } from './generate.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const params: GenerateParams = {
  model: 'scene-diffusion',
  prompt: 'a red car on a zebra',
  seed: 11,
  steps: 3,
  guidance: 4,
};
const run = (changes: Partial<GenerateParams> = {}) =>
  generate({ ...params, ...changes }, contextOf<GenerateProgress>(runtime));

/** Largest difference of two layers at one step. */
function difference(a: Generation, b: Generation, step: number): number {
  let largest = 0;
  a.attention.forEach(({ pattern }, layer) => {
    const other = b.attention[layer]!.pattern;
    const size = pattern.data.length / pattern.dims[0];
    for (let i = step * size; i < (step + 1) * size; i++) {
      largest = Math.max(largest, Math.abs(pattern.data[i]! - other.data[i]!));
    }
  });
  return largest;
}

test('every layer, step, head and position is a distribution over tokens', async () => {
  const { attention, reading, image } = await run();
  expect([image.width, image.height]).toEqual([128, 128]);
  expect(attention.length).toBeGreaterThan(3);
  for (const { site, pattern, gridHeight, gridWidth } of attention) {
    const [steps, , queries, tokens] = pattern.dims;
    expect(site).toMatch(/^unet\..*attn2\.pattern$/);
    expect([steps, queries, tokens]).toEqual([3, gridHeight * gridWidth, reading.tokens.length]);
    for (let row = 0; row < pattern.data.length; row += tokens) {
      let sum = 0;
      for (let t = 0; t < tokens; t++) sum += pattern.data[row + t]!;
      expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    }
  }
});

test('the same seed gives the same picture, another seed another', async () => {
  const [first, again, other] = [await run(), await run(), await run({ seed: 12 })];
  expect(again.image.data).toEqual(first.image.data);
  expect(difference(first, again, 2)).toBe(0);
  expect(other.image.data).not.toEqual(first.image.data);
});

test('the maps are those of the conditional half', async () => {
  // The first step starts from the same noise whatever the guidance; without guidance there is only the prompt's half.
  const [guided, plain] = [await run(), await run({ guidance: 1 })];
  expect(difference(guided, plain, 0)).toBeLessThan(1e-5);
  const other = await run({ prompt: 'a blue boat at night' });
  expect(difference(guided, other, 0)).toBeGreaterThan(1e-4);
});

test('every step is reported with a preview, the last of which is the picture', async () => {
  const context = contextOf<GenerateProgress>(runtime);
  const { image, cautions } = await generate(params, context);
  expect(context.reports.map(({ done, total, phase }) => [done, total, phase])).toEqual([
    [1, 3, 'run'],
    [2, 3, 'run'],
    [3, 3, 'run'],
  ]);
  expect(context.reports.at(-1)?.leftMs).toBe(0);
  expect(context.reports[0]?.leftMs).toBeGreaterThan(0);
  const last = context.reports.at(-1)?.preview;
  expect(last?.data).toEqual(image.data);
  // What was reported may have been given away.
  expect(last?.data.buffer).not.toBe(image.data.buffer);
  expect(context.reports[0]?.preview?.data).not.toEqual(image.data);
  expect(cautions).toEqual([{ kind: 'unknown-words', words: ['zebra'] }]);
});

test('cancelling stops it between runs, and the next run is sound', async () => {
  const context = contextOf<GenerateProgress>(runtime, 1);
  await expect(generate({ ...params, steps: 50 }, context)).rejects.toMatchObject({ code: 'cancelled' });
  expect(context.reports).toHaveLength(1);
  expect((await run()).attention.length).toBeGreaterThan(0);
});

test('an unknown model is an error of its own', async () => {
  await expect(run({ model: 'nobody' })).rejects.toMatchObject({ code: 'model-missing' });
});

test('probes are read without changing the picture, and everything else is captured along', async () => {
  const [plain, probed] = [await run(), await run({ probes: ['boat', 'zebra'] })];
  // Masked columns and renormalised rows: the picture differs by rounding at most.
  const change = plain.image.data.map((value, at) => Math.abs(value - probed.image.data[at]!));
  expect(Math.max(...change)).toBeLessThanOrEqual(1);
  expect(difference(plain, probed, 2)).toBeLessThan(1e-3);
  expect(probed.probes.map(({ text, known }) => [text, known])).toEqual([
    ['boat', true],
    ['zebra', false],
  ]);
  expect(probed.probeAttention.map(({ pattern }) => pattern.dims[3])).toEqual(plain.attention.map(() => 2));
  const values = probed.probeAttention.flatMap(({ pattern }) => [...pattern.data]);
  expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  for (const { pattern, heads, steps, gridHeight, gridWidth } of plain.self) {
    const keys = gridHeight * gridWidth;
    expect(pattern.length).toBe(steps.length * heads * keys ** 2);
    const sum = pattern.subarray(0, keys).reduce((total, value) => total + value, 0) / 65535;
    // Each of the keys is rounded by half a unit at most.
    expect(Math.abs(sum - 1)).toBeLessThan(keys / 65535);
  }
  const { film } = plain;
  const size = film.latentDims.reduce((a, b) => a * b, 1);
  expect([film.latents.length, film.signal.length]).toEqual([4 * size, 4]);
  expect(film.signal.every((signal, at) => at === 0 || signal > film.signal[at - 1]!)).toBe(true);
});
