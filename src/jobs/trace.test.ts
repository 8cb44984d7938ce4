import { afterAll, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { openGenerative } from './generative-model.ts';
import { bestToken, lastLogits, patchSeen, tracePair } from './trace.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

it('puts what one picture shows before a Q-Former into another: nothing leaves it, all patches change the answer', async () => {
  const model = await openGenerative(runtime, 'scene-vlm-qformer');
  const question = 'what color is the taxi';
  // The yellow taxi, and the same scene with it painted blue.
  const { source, target, before, after } = await tracePair(model, {
    source: { image: { kind: 'scene', seed: 88651 }, question },
    target: { image: { kind: 'variant', seed: 88651, thing: 1, color: 'blue' }, question },
  });
  const own = lastLogits(target);
  const nothing = await patchSeen(model, source, target, []);
  // 1e-4: the cached and the plain run add in different orders.
  expect(Math.max(...nothing.map((value, token) => Math.abs(value - own[token]!)))).toBeLessThan(1e-4);
  const patches = Array.from({ length: target.grid ** 2 }, (_, patch) => patch);
  const all = await patchSeen(model, source, target, patches);
  expect(all.indexOf(Math.max(...all))).toBe(before);
  expect(bestToken(target)).toBe(after);
});
