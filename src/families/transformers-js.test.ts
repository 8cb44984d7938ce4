/** The shipped folders are in the Hub's layout: transformers.js opens them, and reads texts and pictures as Vitrine does. */

import { fileURLToPath } from 'node:url';
import { AutoProcessor, AutoTokenizer, env, RawImage } from '@xenova/transformers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { captions } from '../world/caption.ts';
import { drawScene } from '../world/draw.ts';
import { Random } from '../world/random.ts';
import { sampleScene } from '../world/scene.ts';
import { modelView, readPreprocessing, writePlanes } from './contrastive/preprocess.ts';

const MODEL = 'scene-clip-vit';

beforeAll(() => {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(new URL('../../models/', import.meta.url));
});

describe('transformers.js on the shipped contrastive model', () => {
  it('gives the same token ids for captions, unknown words and odd spacing', async () => {
    const theirs = await AutoTokenizer.from_pretrained(MODEL);
    const ours = await createNodeRuntime().tokenizer(MODEL);
    const texts = Array.from({ length: 100 }, (_, seed) =>
      captions(sampleScene(seed), new Random(seed, 5), 2),
    );
    for (const text of [...texts.flat(), 'A Red  CAR', 'a zebra, on the lawn!', '']) {
      expect(ours.encode(text), text).toEqual(theirs.encode(text));
    }
  });

  it('turns a picture into the same pixel values', async () => {
    const size = 128;
    const { rgb } = drawScene(sampleScene(3), size);
    const processor = await AutoProcessor.from_pretrained(MODEL, {});
    const { pixel_values: theirs } = await processor(new RawImage(rgb, size, size, 3));
    expect(theirs.dims).toEqual([1, 3, size, size]);
    const rules = readPreprocessing(await createNodeRuntime().json(MODEL, 'preprocessor_config'));
    const rgba = new Uint8ClampedArray(size * size * 4).fill(255);
    for (let i = 0; i < size * size; i++) rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
    const ours = new Float32Array(3 * size * size);
    writePlanes(modelView({ width: size, height: size, data: rgba }, rules), rules, ours, 0);
    let difference = 0;
    ours.forEach((value, i) => {
      difference = Math.max(difference, Math.abs(value - theirs.data[i]));
    });
    // One rounding of float32 apart: the order of scaling and shifting differs.
    expect(difference).toBeLessThan(1e-6);
  });
});
