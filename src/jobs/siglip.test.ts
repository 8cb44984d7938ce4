/** SigLIP: pooling by attention, sigmoid, texts padded to their full length; against the class and against its own attention. */

import { afterAll, expect, it } from 'vitest';
import { pixelPlanes } from '../families/contrastive/encode.ts';
import { poolAttention } from '../families/contrastive/pooled.ts';
import { isAddedTo, pooledOutputs, pooledWrites } from '../families/contrastive/pooled-writes.ts';
import { readModelGraph } from '../families/graph.ts';
import { jointLogits } from '../families/joint.ts';
import { floats } from '../families/session.ts';
import { drawnPicture, twinRuntime } from '../headless/test-support/twin-folders.ts';
import { readTwins, relativeGap } from '../headless/test-support/twins.ts';
import { pooledRelevance } from '../methods/concepts/pooled-relevance.ts';
import { instrument } from '../onnx/instrument.ts';
import { indexModel } from '../onnx/model-index.ts';
import { tap } from '../onnx/tap.ts';
import type { Progress } from '../protocol/jobs.ts';
import { cosine } from '../tensor/statistics.ts';
import { ablateHeads } from './ablate-heads.ts';
import { embedPrompts } from './contrastive-model.ts';
import { embed } from './embed.ts';
import { explain } from './explain.ts';
import { heads } from './heads.ts';
import { match } from './match.ts';
import { openPooled, seePooled } from './pooled-model.ts';
import { separate } from './separate.ts';
import { contextOf } from './test-support.ts';
import { visionCard } from './vision-model.ts';

const runtime = twinRuntime('siglip');
afterAll(() => runtime.close());

const twin = readTwins().find(({ name }) => name === 'siglip.dynamo')!;
const picture = {
  width: 24,
  height: 24,
  data: new Uint8ClampedArray(24 * 24 * 3).map((_, i) => (i * 37) % 256),
};

it('embeds texts at their full length, as the class does', async () => {
  const model = await openPooled(runtime, 'siglip');
  const ids = twin.feedsFor(['input_ids']).input_ids!.data as BigInt64Array;
  // The twin's texts end with their end token, as prompts do.
  const texts = [0, 1].map((text) =>
    [...ids.subarray(text * 40, text * 40 + 6)].map((id) => `w${id}`).join(' '),
  );
  const found = await embedPrompts(runtime, model, texts);
  expect(relativeGap(found.data, twin.values(twin.golden.outputs.text_embeds!))).toBeLessThan(1e-4);
});

it('reads scale and bias off its logits', () => {
  const { scale, bias } = jointLogits(indexModel(twin.bytes()))!;
  const { outputs } = twin.golden;
  const [image, text] = [twin.values(outputs.image_embeds!), twin.values(outputs.text_embeds!)];
  const logits = twin.values(outputs.logits_per_image!);
  expect(bias).not.toBeNull();
  for (const [i, j] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const match = cosine(image.subarray(i * 32, i * 32 + 32), text.subarray(j * 32, j * 32 + 32));
    expect(scale * match + bias!).toBeCloseTo(logits[i * 2 + j]!, 3);
  }
});

it('carries the last layer to the model’s own embedding', async () => {
  const model = await openPooled(runtime, 'siglip');
  const { outputs, layers } = await seePooled(model, picture, ['image_embeds']);
  expect(relativeGap(layers.at(-1)!, floats(outputs, 'image_embeds').data)).toBeLessThan(1e-5);
  expect(relativeGap(layers[0]!, layers[1]!)).toBeGreaterThan(1e-2);
});

it('gives patches what the pooling attention carries: together its output but for the bias', async () => {
  const model = await openPooled(runtime, 'siglip');
  const { tower } = model;
  const output = tower.sites.get('vision.pool.attn.z');
  expect(output).toBeDefined();
  const fetch = [tower.pool.pattern, tower.pool.value, output!.output];
  const { outputs } = await seePooled(model, picture, fetch);
  const z = floats(outputs, output!.output).data;
  const width = tower.pool.projection.dims[1];
  const text = Float32Array.from({ length: width }, (_, i) => Math.sin(i + 1));
  let wanted = 0;
  for (let r = 0; r < z.length; r++) {
    for (let i = 0; i < width; i++) wanted += z[r]! * tower.pool.projection.data[r * width + i]! * text[i]!;
  }
  const image = {
    ...poolAttention(tower, outputs),
    gridHeight: 3,
    gridWidth: 3,
    without: new Set<number>(),
    scale: 1,
  };
  const { data } = pooledRelevance(image, text);
  expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(wanted, 4);
  expect(Math.abs(wanted)).toBeGreaterThan(1e-2);
  // Each head on its own, and all of them left out.
  const heads = image.pattern.dims[0];
  const alone = Array.from({ length: heads }, (_, head) => {
    const without = new Set(Array.from({ length: heads }, (_, i) => i).filter((i) => i !== head));
    return pooledRelevance({ ...image, without }, text).data;
  });
  data.forEach((value, patch) => {
    expect(alone.reduce((sum, own) => sum + own[patch]!, 0)).toBeCloseTo(value, 5);
  });
  expect(Math.max(...pooledRelevance({ ...image, without: new Set([0, 1, 2, 3]) }, text).data)).toBe(0);
});

it('splits the embedding into heads whose sum is the attention’s own output, and the MLP', async () => {
  const { graph } = await visionCard(runtime, 'siglip');
  const site = graph.inventory.sites.find(({ name }) => name === 'vision.pool.attn.out')!;
  const tapped = tap(graph.model, [site.tensor]);
  const session = await runtime.open('siglip/pool', async () => ({
    graph: instrument(graph.model, [tapped]),
    weights: { path: graph.location, data: await runtime.bytes('siglip', 'vision_model') },
  }));
  const model = await openPooled(runtime, 'siglip');
  const pixels = pixelPlanes(model.preprocessing, [picture]);
  const { output } = tapped.outputs[0]!;
  const own = floats(await session.run({ pixel_values: pixels }, [output]), output).data;
  const { outputs } = await seePooled(model, picture, pooledOutputs(model.tower));
  const { heads, mlp } = pooledWrites(model.tower, outputs);
  expect(heads.dims).toEqual([4, 32]);
  const sum = Float32Array.from({ length: 32 }, (_, i) =>
    [0, 1, 2, 3].reduce((total, head) => total + heads.data[head * 32 + i]!, 0),
  );
  expect(relativeGap(sum, own)).toBeLessThan(1e-5);
  const embedding = floats(outputs, 'image_embeds').data;
  expect(
    relativeGap(
      sum.map((value, i) => value + mlp[i]!),
      embedding,
    ),
  ).toBeLessThan(1e-6);
  // The MLP does something, and heads differ.
  expect(Math.hypot(...mlp)).toBeGreaterThan(0.1);
  expect(relativeGap(heads.data.subarray(0, 32), heads.data.subarray(32, 64))).toBeGreaterThan(0.1);
});

it('knows where the pooled sum is the embedding, or is added to, and where it is projected once more', () => {
  const { model } = readModelGraph(twin.bytes(), 'vision_model', 'vision');
  const embedding = model.outputs.find(({ name }) => name === 'image_embeds')!.name;
  expect(isAddedTo(model, 'linear_14', embedding)).toBe(true);
  // A block's state goes through norms and matrices on its way.
  expect(isAddedTo(model, 'softmax', embedding)).toBe(false);
});

it('has its heads put into words, left out, and told apart', async () => {
  const survey = { model: 'siglip', seed: 4_000_000, scenes: 24 } as const;
  const report = await heads({ ...survey, words: 3 }, contextOf<Progress>(runtime));
  expect(report.pooled).toBe(true);
  expect(report.heads.map(({ layer, head }) => [layer, head])).toEqual([
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 3],
  ]);
  const none = await ablateHeads({ ...survey, heads: [] }, contextOf<Progress>(runtime));
  for (const { intact, ablated } of none.rows) expect(ablated).toBe(intact);
  const found = await match(
    { model: 'siglip', image: { kind: 'pixels', pixels: drawnPicture(24) }, text: 'w5 w9' },
    contextOf(runtime),
  );
  expect(found.parts.map(({ kind }) => kind)).toEqual(['head', 'head', 'head', 'head', 'mlp']);
  expect(found.parts.reduce((sum, { logits }) => sum + logits, 0)).toBeCloseTo(found.total, 3);
});

it('finds pictures for words and words for pictures', async () => {
  const { images, texts } = await embed(
    { model: 'siglip', images: [{ kind: 'pixels', pixels: drawnPicture(24) }], texts: ['w5', 'w9 w11'] },
    contextOf<Progress>(runtime),
  );
  expect([images.dims, texts.dims]).toEqual([
    [1, 32],
    [2, 32],
  ]);
  const { layers } = await separate(
    { model: 'siglip', seed: 4_000_000, scenes: 24, concepts: ['night'], vectors: 'text' },
    contextOf<Progress>(runtime),
  );
  expect(layers.map(({ block }) => block)).toEqual([0, 1]);
});

it('is explained: independent probabilities, every layer, every word', async () => {
  const params = {
    model: 'siglip',
    image: { kind: 'pixels', pixels: drawnPicture(24) },
    prompt: 'w5 w9',
    concepts: ['w17', 'w20', 'w31'],
    vectors: 'text',
    without: [],
  } as const;
  const found = await explain(params, contextOf(runtime));
  const { scale, bias } = jointLogits(indexModel(twin.bytes()))!;
  for (const score of found.scores) {
    expect(score.probability).toBeCloseTo(1 / (1 + Math.exp(-(scale * score.cosine + bias!))), 6);
  }
  expect(found.layers.map(({ block }) => block)).toEqual([0, 1]);
  expect(found.relevance).toHaveLength(2);
  expect(found.cautions).toContainEqual({ kind: 'pooled', sigmoid: true });
  // Means know what the world has a truth of; the rest is similar to nothing.
  const means = await explain(
    { ...params, vectors: 'means', concepts: ['car', 'snow', 'w17'] },
    contextOf(runtime),
  );
  expect(means.layers.map(({ block }) => block)).toEqual([0, 1]);
  for (const { similarity } of means.layers) {
    expect(similarity.map((figure) => figure !== 0)).toEqual([true, true, false]);
  }
});
