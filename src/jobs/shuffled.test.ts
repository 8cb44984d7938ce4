import { expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { readInitializer } from '../onnx/initializer.ts';
import { indexModel } from '../onnx/model-index.ts';
import { shuffleWeights } from './shuffled.ts';

test.each([
  ['of 32 and 16 bits', 'vae_decoder'],
  ['of 8 bits', 'unet'],
])('every weight %s keeps its values and loses their order', async (_, file) => {
  const bytes = await createNodeRuntime().bytes('scene-diffusion', file);
  const shuffled = indexModel(shuffleWeights(bytes, 1));
  const plain = indexModel(bytes);
  // Deep equality of large arrays takes the assertion library minutes on a busy machine.
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
  expect(same(shuffleWeights(bytes, 1), shuffled.bytes)).toBe(true);
  let moved = 0;
  let large = 0;
  for (const [name, { dims }] of plain.initializers) {
    const before = readInitializer(plain, name).data;
    const after = readInitializer(shuffled, name).data;
    const sorted = (values: typeof before) => Float64Array.from(values, Number).sort();
    expect(same(sorted(after), sorted(before)), name).toBe(true);
    if (before instanceof BigInt64Array || new Set<number | bigint>(before).size < 10) continue;
    large++;
    if (after.some((value, i) => value !== before[i])) moved++;
    expect(shuffled.initializers.get(name)?.dims).toEqual(dims);
  }
  expect(large).toBeGreaterThan(10);
  expect(moved).toBe(large);
});
