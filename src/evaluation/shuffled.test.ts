import { expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { readInitializer } from '../onnx/initializer.ts';
import { indexModel } from '../onnx/model-index.ts';
import { shuffleWeights } from './shuffled.ts';

test('every weight keeps its values and loses their order', async () => {
  const bytes = await createNodeRuntime().bytes('scene-diffusion', 'vae_decoder');
  const shuffled = indexModel(shuffleWeights(bytes, 1));
  const plain = indexModel(bytes);
  expect(shuffleWeights(bytes, 1)).toEqual(shuffled.bytes);
  let moved = 0;
  let large = 0;
  for (const [name, { dims }] of plain.initializers) {
    const before = readInitializer(plain, name).data;
    const after = readInitializer(shuffled, name).data;
    const sorted = (values: typeof before) => Float64Array.from(values, Number).sort();
    expect(sorted(after)).toEqual(sorted(before));
    if (!(before instanceof Float32Array) || new Set(before).size < 10) continue;
    large++;
    if (after.some((value, i) => value !== before[i])) moved++;
    expect(shuffled.initializers.get(name)?.dims).toEqual(dims);
  }
  expect(large).toBeGreaterThan(10);
  expect(moved).toBe(large);
});
