import { afterAll, expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { InspectParams } from '../protocol/inspect.ts';
import { inspect } from './inspect.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const params: InspectParams = {
  model: 'scene-diffusion',
  prompt: 'a green car',
  image: { kind: 'scene', seed: 8 },
  seed: 3,
  steps: 4,
  guidance: 4,
  noise: 0.5,
  by: 'noise',
};

test('an inversion leads back to the picture, noise does not', async () => {
  const context = contextOf<never>(runtime);
  const inverted = await inspect({ ...params, by: 'inversion' }, context);
  expect(inverted.error).toBeLessThan(0.01);
  // Half of the steps, backwards and forwards.
  expect(inverted.attention[0]?.pattern.dims[0]).toBe(2);
  expect(context.reports).toHaveLength(4);
  const noised = await inspect(params, contextOf(runtime));
  expect(noised.error).toBeGreaterThan(inverted.error);
  expect(noised.attention[0]?.pattern.dims[0]).toBe(2);
  expect([noised.image.width, noised.reconstruction.width]).toEqual([128, 128]);
});
