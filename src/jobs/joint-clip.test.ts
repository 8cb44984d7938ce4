/** A CLIP in one file, opened as two towers: the embeddings of the class, and the concepts job on it. */

import { afterAll, describe, expect, it } from 'vitest';
import { readModelGraph } from '../families/graph.ts';
import { jointLogits } from '../families/joint.ts';
import { drawnPicture, twinRuntime } from '../headless/test-support/twin-folders.ts';
import { readTwins, relativeGap } from '../headless/test-support/twins.ts';
import { indexModel } from '../onnx/model-index.ts';
import { normalise } from '../tensor/statistics.ts';
import { openContrastive } from './contrastive-model.ts';
import { explain } from './explain.ts';
import { contextOf } from './test-support.ts';

const runtime = twinRuntime('clip');
afterAll(() => runtime.close());

const twin = readTwins().find(({ name }) => name === 'clip.optimum')!;
const feeds = twin.feedsFor(['pixel_values', 'input_ids']);

describe('a CLIP in one file', () => {
  it('gives the class’s embeddings from its two parts, each with its own inputs only', async () => {
    const model = await openContrastive(runtime, 'clip');
    expect(model.text.inputs).not.toContain('pixel_values');
    expect(model.vision.inputs).not.toContain('input_ids');
    const [pixels, ids] = [feeds.pixel_values!, feeds.input_ids!];
    const runs = {
      image_embeds: await model.vision.run(
        {
          pixel_values: { type: 'float32', dims: pixels.dims, data: pixels.data as Float32Array },
        },
        ['image_embeds'],
      ),
      text_embeds: await model.text.run(
        { input_ids: { type: 'int64', dims: ids.dims, data: ids.data as BigInt64Array } },
        ['text_embeds'],
      ),
    };
    for (const [name, results] of Object.entries(runs)) {
      const found = results[name]!.data as Float32Array;
      const width = found.length / 2;
      const rows = [0, 1].flatMap((row) => [...normalise(found.subarray(row * width, (row + 1) * width))]);
      // The parts keep lengths, which the class takes off.
      expect(relativeGap(rows, twin.values(twin.golden.outputs[name]!))).toBeLessThan(1e-4);
      expect(relativeGap(found, rows)).toBeGreaterThan(1e-2);
    }
  });

  it('has only the sites of its vision tower, and the scale of its own logits', () => {
    const bytes = twin.bytes();
    const { inventory } = readModelGraph(bytes, 'vision_model', 'vision');
    const wanted = Object.keys(twin.golden.sites).filter((name) => name.startsWith('vision.'));
    const names = inventory.sites.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(wanted));
    expect(inventory.towers).toHaveLength(1);
    const logits = jointLogits(indexModel(bytes))!;
    const [image, text] = ['image_embeds', 'text_embeds'].map((name) =>
      twin.values(twin.golden.outputs[name]!),
    );
    expect(logits.bias).toBeNull();
    // The class starts at e^2.66, and the twin moves it by noise of a tenth.
    expect(logits.scale).toBeGreaterThan(10);
    expect(logits.scale).toBeLessThan(20);
    expect(image!.length).toBe(text!.length);
  });

  it('is explained: probabilities, layers, patches', async () => {
    const found = await explain(
      {
        model: 'clip',
        image: { kind: 'pixels', pixels: drawnPicture(24) },
        prompt: 'w5 w9',
        concepts: ['w17', 'w20', 'w31'],
        vectors: 'text',
        without: [],
      },
      contextOf(runtime),
    );
    expect(found.scores.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
    expect(found.layers.map(({ site }) => site)).toEqual([
      'vision.blocks.0.resid_post',
      'vision.blocks.1.resid_post',
    ]);
    expect(found.relevance.map(({ patches }) => patches.dims)).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });
});
