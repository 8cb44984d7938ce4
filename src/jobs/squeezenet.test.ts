/** A classifier as it lies on a disk, where VITRINE_REAL_FILES names a folder that has one: half precision, one picture a run. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { floats } from '../families/session.ts';
import { createNodeRuntime, type NodeRuntime } from '../headless/runtime.ts';
import { writeModelFolder } from '../headless/test-support/model-folder.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Pixels } from '../protocol/image.ts';
import type { Progress } from '../protocol/progress.ts';
import { classify } from './classify.ts';
import { dissect } from './dissect.ts';
import { pictureUnits } from './picture-units.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';
import { openVision } from './vision-model.ts';

const file = join(process.env.VITRINE_REAL_FILES ?? '', 'squeezenet', 'SqueezeNet_fp16.onnx');
const present = process.env.VITRINE_REAL_FILES !== undefined && existsSync(file);

describe.skipIf(!present)('SqueezeNet', () => {
  let folder: string;
  let runtime: NodeRuntime;

  beforeAll(() => {
    const contents = {
      vision_model: readFileSync(file),
      preprocessor_config: Buffer.from(
        JSON.stringify({
          size: { shortest_edge: 256 },
          crop_size: 224,
          resample: 2,
          do_rescale: false,
          do_flip_channel_order: true,
          image_mean: [103.939, 116.779, 123.68],
          image_std: [1, 1, 1],
        }),
      ),
    };
    const files = Object.fromEntries(
      Object.entries(contents).map(([role, bytes]) => [role, { role, bytes }] as const),
    );
    folder = writeModelFolder([{ id: 'squeezenet', files }]);
    runtime = createNodeRuntime({ models: folder });
  });
  afterAll(async () => {
    await runtime.close();
    rmSync(folder, { recursive: true });
  });

  it('offers all 26 convolutions after their activation', async () => {
    const found = await sites({ model: 'squeezenet' }, contextOf<Progress>(runtime));
    expect(found.filter(({ kind }) => kind === 'conv.post')).toHaveLength(26);
  });

  it('is dissected on scenes of the world', async () => {
    const [, second] = await sites({ model: 'squeezenet' }, contextOf<Progress>(runtime));
    const result = await dissect(
      { model: 'squeezenet', site: second!.name, scenes: 12, seed: 1 },
      contextOf<DissectProgress>(runtime),
    );
    expect(result.rows.length).toBe(second!.units ?? result.rows.length);
    expect(result.rows.some(({ iou }) => iou > 0)).toBe(true);
    expect(result.rows.every(({ iou, ceiling }) => iou <= ceiling + 1e-9)).toBe(true);
  });

  // ImageNet's numbers; several of its classes name one thing.
  it.each([
    ['xenova_tiger.jpg', [292, 282]],
    ['xenova_teapot.jpg', [849]],
    ['xenova_cats.jpg', [281, 282, 283, 284, 285]],
    ['xenova_airport.jpg', [404, 895, 908]],
  ])('sees in %s what is on it, among its best five', async (name, classes) => {
    const model = await openVision(runtime, 'squeezenet');
    const view = modelView(await photograph(name), model.preprocessing);
    expect([view.width, view.height]).toEqual([224, 224]);
    const results = await encodePictures(model.vision, model.preprocessing, [view], ['softmaxout_1']);
    const { data } = floats(results, 'softmaxout_1');
    expect(data.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    const best = [...data.entries()].sort((a, b) => b[1] - a[1]).slice(0, 5);
    expect(
      best.some(([index]) => classes.includes(index)),
      best.join(' '),
    ).toBe(true);
  });

  it('names the classes of a photograph, which plain grey does not have', async () => {
    const image = { kind: 'pixels', pixels: await photograph('xenova_tiger.jpg') } as const;
    const { classes, count } = await classify(
      { model: 'squeezenet', image, top: 3 },
      contextOf<Progress>(runtime),
    );
    expect(count).toBe(1000);
    expect(classes[0]).toMatchObject({ index: 292, label: '' });
    expect(classes[0]!.probability).toBeGreaterThan(10 * classes[0]!.grey);
  });

  it('shows where its units fire on a photograph', async () => {
    const [, second] = await sites({ model: 'squeezenet' }, contextOf<Progress>(runtime));
    const pixels = await photograph('xenova_tiger.jpg');
    const result = await pictureUnits(
      { model: 'squeezenet', site: second!.name, image: { kind: 'pixels', pixels } },
      contextOf<Progress>(runtime),
    );
    const [units, height, width] = result.maps.dims;
    expect(units).toBe(second!.units ?? units);
    expect(height).toBe(width);
    expect(result.maps.data.some((value) => value > 0)).toBe(true);
    expect(result.cautions).toEqual([]);
  });
});

async function photograph(name: string): Promise<Pixels> {
  const path = join(process.env.VITRINE_REAL_FILES ?? '', 'photos', name);
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}
