import { afterAll, expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/progress.ts';
import { quantile } from '../tensor/statistics.ts';
import { openContrastive } from './contrastive-model.ts';
import { dissect } from './dissect.ts';
import type { Runtime } from './runtime.ts';
import { drawSeed } from './scenes.ts';
import { contextOf } from './test-support.ts';
import { unit } from './unit.ts';
import { dissectedSite, unitMaps } from './unit-activations.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const params = { model: 'scene-clip-vit', site: 'vision.blocks.2.mlp.post', scenes: 11, seed: 900 };

test('thresholds are the top quantile over all scenes and patches, and the best scenes those with the highest peaks', async () => {
  const context = contextOf<DissectProgress>(runtime);
  const { rows, quantile: share, recipe } = await dissect(params, context);
  expect([recipe, share, rows.length]).toEqual(['netdissect', 0.005, 768]);
  const model = await openContrastive(runtime, params.model);
  const maps = await unitMaps(
    model,
    dissectedSite(model, params.site),
    Array.from(
      { length: params.scenes },
      (_, i) => drawSeed(params.seed + i, model.config.imageSize).picture,
    ),
  );
  for (const index of [0, 413, 767]) {
    const values = maps.flatMap(({ data }) => [...data.subarray(index * 64, (index + 1) * 64)]);
    // Batches of another size round differently in the last bits.
    expect(rows[index]?.threshold).toBeCloseTo(quantile(values, 0.995), 4);
    const peaks = maps.map(({ data }) => Math.max(...data.subarray(index * 64, (index + 1) * 64)));
    const { examples } = await unit(
      { ...params, unit: index, threshold: rows[index]!.threshold, top: 3 },
      contextOf<Progress>(runtime),
    );
    const best = peaks.map((peak, i) => ({ peak, seed: params.seed + i })).sort((a, b) => b.peak - a.peak);
    expect(examples.map(({ sceneSeed }) => sceneSeed)).toEqual(best.slice(0, 3).map(({ seed }) => seed));
    for (const [i, { activation, peak, image }] of examples.entries()) {
      expect(activation.dims).toEqual([8, 8]);
      expect(Math.max(...activation.data)).toBeCloseTo(peak, 4);
      expect(peak).toBeCloseTo(best[i]!.peak, 4);
      expect(image.width).toBe(128);
    }
  }
});

test('progress runs through both passes', async () => {
  const context = contextOf<DissectProgress>(runtime);
  await dissect(params, context);
  expect(context.reports.map(({ pass, done, total }) => [pass, done, total])).toEqual([
    ['threshold', 8, 22],
    ['threshold', 11, 22],
    ['count', 19, 22],
    ['count', 22, 22],
  ]);
});

test('recipes are named with their quantile', async () => {
  const context = contextOf<DissectProgress>(runtime);
  const enlarged = await dissect({ ...params, recipe: 'dissect', scenes: 4 }, context);
  expect([enlarged.recipe, enlarged.quantile]).toEqual(['dissect', 0.01]);
  const image = await dissect({ ...params, recipe: 'per-image', scenes: 4 }, context);
  expect([image.recipe, image.rows.every(({ ceiling, iou }) => ceiling === 1 || iou === 0)]).toEqual([
    'per-image',
    true,
  ]);
});

test('a stopped dissection goes on from where it was, to the same result', async () => {
  const saved = new Map<string, Uint8Array>();
  let stop = 2;
  const kept: Runtime = {
    ...runtime,
    checkpoints: {
      load: async (key) => saved.get(key) ?? null,
      save: async (key, bytes) => {
        saved.set(key, bytes.slice());
      },
      remove: async (key) => {
        saved.delete(key);
      },
    },
  };
  const asked = { ...params, scenes: 30 };
  const plain = await dissect(asked, contextOf<DissectProgress>(runtime));
  const seen: number[] = [];
  for (;;) {
    const context = contextOf<DissectProgress>(kept, stop);
    try {
      const result = await dissect(asked, context);
      expect(result.rows).toEqual(plain.rows);
      break;
    } catch (error) {
      expect(error).toMatchObject({ code: 'cancelled' });
      const { done, resumedAt = 0 } = context.reports.at(-1)!;
      // Nothing that was reported done is done again.
      expect(resumedAt).toBe(seen.at(-1) ?? 0);
      seen.push(done);
      stop = 3;
    }
  }
  expect(seen).toEqual([16, 38, 60]);
  // Finished: asked again it has nothing to run; told to forget, it begins anew.
  const again = contextOf<DissectProgress>(kept);
  expect((await dissect(asked, again)).rows).toEqual(plain.rows);
  expect(again.reports).toEqual([]);
  await dissect({ ...asked, fresh: true }, again);
  expect(again.reports.at(-1)).not.toHaveProperty('resumedAt');
});

test('a cancelled dissection stops', async () => {
  const context = contextOf<DissectProgress>(runtime, 1);
  await expect(dissect({ ...params, scenes: 5000 }, context)).rejects.toMatchObject({ code: 'cancelled' });
  expect(context.reports).toHaveLength(1);
});

test('what is not there is named', async () => {
  const context = contextOf<DissectProgress>(runtime);
  await expect(dissect({ ...params, site: 'vision.blocks.9.mlp.post' }, context)).rejects.toMatchObject({
    code: 'bad-parameter',
    detail: { name: 'site' },
  });
  await expect(
    unit({ ...params, unit: 768, threshold: 0, top: 1 }, contextOf<Progress>(runtime)),
  ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'unit', allowed: '0 to 767' } });
});
