import { afterAll, expect, test } from 'vitest';
import { encodePictures } from '../families/contrastive/encode.ts';
import { clsTower, visionOutputs, visionStates } from '../families/contrastive/states.ts';
import { readModelGraph, readWeight } from '../families/graph.ts';
import { floats } from '../families/session.ts';
import { createNodeRuntime } from '../headless/runtime.ts';
import { embed } from '../methods/concepts/head.ts';
import { headContributions } from '../methods/concepts/relevance.ts';
import { instrument } from '../onnx/instrument.ts';
import { tap } from '../onnx/tap.ts';
import type { ExplainParams, Progress } from '../protocol/jobs.ts';
import { cosine } from '../tensor/statistics.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { embedConcepts, embedPrompts, openContrastive } from './contrastive-model.ts';
import { explain } from './explain.ts';
import { drawSeed } from './scenes.ts';
import { contextOf } from './test-support.ts';

const MODEL = 'scene-clip-vit';
const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const params: ExplainParams = {
  model: MODEL,
  image: { kind: 'scene', seed: 5 },
  prompt: 'a red car next to a quokka',
  concepts: ['car', 'a red boat', 'night', 'quokka'],
  vectors: 'text',
  without: [],
};

test('the taps and weights of the tower rebuild its own output', async () => {
  const model = await openContrastive(runtime, MODEL);
  const { picture } = drawSeed(5, model.config.imageSize);
  const outputs = await encodePictures(
    model.vision,
    model.preprocessing,
    [picture],
    visionOutputs(model.tower),
  );
  const states = visionStates(model.tower, outputs);
  const rebuilt = embed(states.layers.at(-1)!.state, model.tower.head);
  const largest = Math.max(...states.embedding.map(Math.abs));
  states.embedding.forEach((value, i) => {
    // float32 sums of width 192 in another order
    expect(Math.abs(rebuilt[i]! - value)).toBeLessThan(1e-4 * largest);
  });
});

test('the last layer compares what this image adds to the average one with what each text adds to the average text', async () => {
  const { layers } = await explain(params, contextOf<Progress>(runtime));
  const model = await openContrastive(runtime, MODEL);
  /** The model's own output for drawn scenes, by no lens. */
  const see = async (seeds: readonly number[]): Promise<readonly Float32Array[]> => {
    const pictures = seeds.map((seed) => drawSeed(seed, model.config.imageSize).picture);
    const { data, dims } = floats(
      await encodePictures(model.vision, model.preprocessing, pictures, ['image_embeds']),
      'image_embeds',
    );
    return pictures.map((_, i) => data.slice(i * dims[1]!, (i + 1) * dims[1]!));
  };
  const mean = (rows: readonly Float32Array[]) =>
    rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const rowsOf = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    const { data, dims } = await embedConcepts(runtime, model, texts);
    return texts.map((_, i) => data.slice(i * dims[1], (i + 1) * dims[1]));
  };
  const probe = mean(await see(Array.from({ length: 64 }, (_, i) => 8_000_000 + i)));
  const [image] = await see([5]);
  const text = mean(await rowsOf(VOCABULARY));
  const concepts = await rowsOf(params.concepts);
  concepts.forEach((concept, index) => {
    const expected = cosine(
      image!.map((value, i) => value - probe[i]!),
      concept.map((value, i) => value - text[i]!),
    );
    // float32 sums in another order
    expect(layers.at(-1)!.similarity[index]).toBeCloseTo(expected, 4);
  });
});

test('pattern x value x output matrix is what the attention adds to CLS', async () => {
  const model = await openContrastive(runtime, MODEL);
  const bytes = await runtime.bytes(MODEL, 'vision_model');
  const graph = readModelGraph(bytes, 'vision_model', 'vision');
  const attention = graph.inventory.attentions[2]!;
  const site = graph.inventory.sites.find(({ name }) => name === `${attention.name}.out`)!;
  const session = await runtime.open('test/attention-out', async () => ({
    graph: instrument(graph.model, [tap(graph.model, [site.tensor])]),
    weights: { path: graph.location, data: bytes },
  }));
  const { picture } = drawSeed(5, model.config.imageSize);
  const out = floats(
    await encodePictures(session, model.preprocessing, [picture], [site.tensor]),
    site.tensor,
  );
  const bias = readWeight(graph, bytes, attention.outputProjection!.bias!).data;

  const outputs = await encodePictures(
    model.vision,
    model.preprocessing,
    [picture],
    visionOutputs(model.tower),
  );
  const states = visionStates(model.tower, outputs);
  const layer = clsTower(model.tower, states, model.config.grid, 1).layers[2]!;
  for (const channel of [0, 7, states.width - 1]) {
    const direction = new Float64Array(states.width);
    direction[channel] = 1;
    const sum = headContributions(layer, { direction, constant: 0 }).data.reduce((a, b) => a + b, 0);
    expect(sum + bias[channel]!).toBeCloseTo(out.data[channel]!, 4);
  }
});

test('an explanation is whole: scores, layers, words, cautions', async () => {
  const context = contextOf<Progress>(runtime);
  const result = await explain(params, context);
  expect([result.image.width, result.image.height]).toEqual([128, 128]);
  expect(result.scores.map(({ concept, known }) => [concept, known])).toEqual([
    ['car', true],
    ['a red boat', true],
    ['night', true],
    ['quokka', false],
  ]);
  expect(result.scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  expect(result.layers.map(({ site }) => site)).toEqual(
    [0, 1, 2, 3, 4, 5].map((i) => `vision.blocks.${i}.resid_post`),
  );
  for (const { similarity, band } of result.layers) {
    expect(similarity).toHaveLength(4);
    expect(similarity.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(band.low).toBeLessThan(band.high);
    expect(band.samples).toBeGreaterThan(40);
  }
  expect(result.relevance.map(({ word }) => word.text)).toEqual([
    'a',
    'red',
    'car',
    'next',
    'to',
    'a',
    'quokka',
  ]);
  for (const { patches } of result.relevance) expect(patches.dims).toEqual([8, 8]);
  // A word means the same wherever it stands; different words do not.
  expect(result.relevance[0]?.patches.data).toEqual(result.relevance[5]?.patches.data);
  expect(result.relevance[1]?.patches.data).not.toEqual(result.relevance[2]?.patches.data);
  expect(result.cautions).toContainEqual({ kind: 'unknown-words', words: ['quokka'] });
  expect(Math.abs(result.promptCosine)).toBeLessThanOrEqual(1);
  expect(context.reports.at(-1)).toMatchObject({ done: 5, total: 5 });
});

test('the same picture as pixels explains the same', async () => {
  const scene = await explain(params, contextOf<Progress>(runtime));
  const pixels = await explain(
    { ...params, image: { kind: 'pixels', pixels: scene.image } },
    contextOf<Progress>(runtime),
  );
  expect(pixels.scores).toEqual(scene.scores);
  expect(pixels.relevance).toEqual(scene.relevance);
});

test('noise is foreign, a scene is not', async () => {
  const { statistics } = await openContrastive(runtime, MODEL);
  expect(statistics, 'the model comes without world_statistics').not.toBeNull();
  const data = Uint8ClampedArray.from({ length: 128 * 128 * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 7919) % 256,
  );
  const image = { kind: 'pixels', pixels: { width: 128, height: 128, data } } as const;
  const noise = await explain({ ...params, image }, contextOf<Progress>(runtime));
  expect(noise.cautions.map(({ kind }) => kind)).toContain('foreign-image');
  const scene = await explain(params, contextOf<Progress>(runtime));
  expect(scene.cautions.map(({ kind }) => kind)).not.toContain('foreign-image');
});

test('texts embed the same alone and in a batch, to length 1', async () => {
  const model = await openContrastive(runtime, MODEL);
  const texts = ['car', 'a picture of a green boat on the sea at night'];
  const both = await embedPrompts(runtime, model, texts);
  const alone = await embedPrompts(runtime, model, texts.slice(0, 1));
  const [, width] = both.dims;
  for (let i = 0; i < width; i++) expect(Math.abs(both.data[i]! - alone.data[i]!)).toBeLessThan(1e-5);
  const concepts = await embedConcepts(runtime, model, texts);
  const length = Math.hypot(...concepts.data.subarray(width));
  expect(length).toBeCloseTo(1, 5);
});
