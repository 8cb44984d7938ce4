import { afterAll, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { openGenerative } from './generative-model.ts';
import { drawSeed } from './scenes.ts';
import { contextOf } from './test-support.ts';
import { bestToken, lastLogits, patchSeen, trace, tracePair } from './trace.ts';

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
  const patches = Array.from({ length: target.grid ** 2 }, (_, patch) => patch);
  const [nothing, all] = (await patchSeen(model, source, target, [[], patches])) as [
    Float32Array,
    Float32Array,
  ];
  // 1e-4: the cached and the plain run add in different orders.
  expect(Math.max(...nothing.map((value, token) => Math.abs(value - own[token]!)))).toBeLessThan(1e-4);
  expect(all.indexOf(Math.max(...all))).toBe(before);
  expect(bestToken(target)).toBe(after);
});

it('maps which patches carry the difference through a Q-Former: those of the repainted thing', async () => {
  const question = 'what color is the taxi';
  const { seen } = await trace(
    {
      model: 'scene-vlm-qformer',
      source: { image: { kind: 'scene', seed: 88651 }, question },
      target: { image: { kind: 'variant', seed: 88651, thing: 1, color: 'blue' }, question },
    },
    contextOf(runtime),
  );
  const { drawing } = drawSeed(88651, 128);
  const [height, width] = seen!.dims;
  const strongest = seen!.data.indexOf(Math.max(...seen!.data));
  const [y, x] = [Math.floor(strongest / width) * (128 / height), (strongest % width) * (128 / width)];
  const cell = Array.from(
    { length: 16 * 16 },
    (_, i) => drawing.instances[(y + (i >> 4)) * 128 + x + (i & 15)],
  );
  expect(cell).toContain(1);
  expect(seen!.data[strongest]).toBeGreaterThan(0.2);
});

it('puts in the very patch that is named', async () => {
  const model = await openGenerative(runtime, 'scene-vlm-qformer');
  const question = 'what color is the taxi';
  const { target } = await tracePair(model, {
    source: { image: { kind: 'scene', seed: 88651 }, question },
    target: { image: { kind: 'variant', seed: 88651, thing: 1, color: 'blue' }, question },
  });
  const [, positions = 0, channels = 0] = target.states.dims;
  const patch = 37;
  const at = (positions - target.grid ** 2 + patch) * channels;
  const data = target.states.data.slice();
  for (let i = 0; i < channels; i++) data[at + i] = (i % 2 === 0 ? -3 : 3) * data[at + i]!;
  const source = { ...target, states: { ...target.states, data } };
  const own = lastLogits(target);
  const rows = await patchSeen(model, source, target, [[patch - 1], [patch], [patch + 1]]);
  const change = rows.map((row) => Math.max(...row.map((value, token) => Math.abs(value - own[token]!))));
  expect(change[0]).toBeLessThan(1e-4);
  expect(change[1]).toBeGreaterThan(1e-2);
  expect(change[2]).toBeLessThan(1e-4);
});
