import { rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createNodeRuntime, type NodeRuntime } from '../headless/runtime.ts';
import { writeModelFolder } from '../headless/test-support/model-folder.ts';
import { encodeSuffix } from '../onnx/suffix.ts';
import { WireWriter } from '../onnx/wire.ts';
import type { Progress } from '../protocol/progress.ts';
import { classify, probabilities } from './classify.ts';
import { contextOf } from './test-support.ts';

const FLOAT = 1;
let folder = '';
let runtime: NodeRuntime;

/** A classifier of three classes: how red, how green, how blue a picture of 8 x 8 is; `name` is its output's. */
function colours(name: string): Uint8Array {
  const writer = new WireWriter();
  writer.varint(1, 9);
  writer.message(8, (opset) => opset.varint(2, 17));
  writer.raw(
    encodeSuffix({
      inputs: [{ name: 'pixels', elementType: FLOAT, dims: ['batch', 3, 8, 8] }],
      outputs: [{ name, elementType: FLOAT, dims: ['batch', 3] }],
      nodes: [
        { opType: 'GlobalAveragePool', inputs: ['pixels'], outputs: ['mean'] },
        { opType: 'Flatten', inputs: ['mean'], outputs: [name] },
      ],
      initializers: [],
    }),
  );
  return writer.finish();
}

/** Keeps the model with a config and a file of names, as a folder from the hub would have them. */
function keep(output: string, config: object, labels?: string): void {
  const preparation = { size: { shortest_edge: 8 }, crop_size: 8, do_normalize: false };
  const contents = {
    vision_model: Buffer.from(colours(output)),
    preprocessor_config: Buffer.from(JSON.stringify(preparation)),
    config: Buffer.from(JSON.stringify(config)),
    ...(labels === undefined ? {} : { labels: Buffer.from(labels) }),
  };
  const files = Object.fromEntries(
    Object.entries(contents).map(([role, bytes]) => [role, { role, bytes }] as const),
  );
  folder = writeModelFolder([{ id: 'own', files }]);
  runtime = createNodeRuntime({ models: folder });
}

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true });
});

const blue = new Uint8ClampedArray(8 * 8 * 4).map((_, i) => (i % 4 > 1 ? 255 : 0));
const image = { kind: 'pixels', pixels: { width: 8, height: 8, data: blue } } as const;
const ask = (top: number) => classify({ model: 'own', image, top }, contextOf<Progress>(runtime));

test('the best classes come first, by name, beside what plain grey gets', async () => {
  keep('logits', { id2label: { 0: 'red', 1: 'green', 2: 'blue' } });
  const { classes, count } = await ask(2);
  expect(count).toBe(3);
  expect(classes.map(({ index, label }) => [index, label])).toEqual([
    [2, 'blue'],
    [0, 'red'],
  ]);
  const all = Math.E + 2;
  expect(classes[0]?.probability).toBeCloseTo(Math.E / all, 5);
  expect(classes[1]?.probability).toBeCloseTo(1 / all, 5);
  expect(classes.map(({ grey }) => grey.toFixed(5))).toEqual(['0.33333', '0.33333']);
});

test('names come from a text file where the config has none, and no names are made up', async () => {
  keep('logits', {}, 'rot\ngrün\nblau\n');
  expect((await ask(1)).classes[0]?.label).toBe('blau');
});

test('features are no classes', async () => {
  keep('image_embeds', { id2label: { 0: 'red', 1: 'green', 2: 'blue' } });
  expect(await ask(3)).toMatchObject({ classes: [], count: 0 });
});

test('what adds up to one is taken as it is, the rest is turned into probabilities', () => {
  keep('logits', {});
  expect(probabilities(Float32Array.of(0.25, 0.75), Float32Array.of(0, 1))).toEqual([
    [0.25, 0.75],
    [0, 1],
  ]);
  // The first row alone might be either.
  expect(probabilities(Float32Array.of(0, 1), Float32Array.of(0, Math.log(3)))[1]?.[1]).toBeCloseTo(0.75, 6);
  expect(probabilities(Float32Array.of(-0.25, 1.25))[0]?.[0]).toBeLessThan(0.2);
});
