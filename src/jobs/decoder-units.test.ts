import { afterAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { patchUnits } from '../methods/dissection/units.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/jobs.ts';
import { tensor } from '../tensor/tensor.ts';
import { runAnswer } from './answer-run.ts';
import { openDecoderUnits } from './decoder-units.ts';
import { dissect } from './dissect.ts';
import { openGenerative, pictureOf } from './generative-model.ts';
import { pictureUnits } from './picture-units.ts';
import { sites } from './sites.ts';
import { contextOf } from './test-support.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());
const model = 'scene-vlm-mlp';

describe('units of a decoder that answers', () => {
  it('stand in the list behind those of the vision tower', async () => {
    const found = await sites({ model }, contextOf<Progress>(runtime));
    const names = found.map(({ name }) => name);
    expect(names).toContain('vision.blocks.0.mlp.post');
    expect(names).toContain('decoder.blocks.0.mlp.post');
    expect(names.findIndex((name) => name.startsWith('decoder.'))).toBeGreaterThan(
      names.findLastIndex((name) => name.startsWith('vision.')),
    );
    expect(found.every(({ units }) => units === undefined || units > 0)).toBe(true);
  });

  it('are the states that an answer has at its image tokens, whatever is asked, alone or in a batch', async () => {
    const opened = await openGenerative(runtime, model);
    const block = opened.decoder.blocks.at(-2)!;
    const images = [8, 9].map((seed) => ({ kind: 'scene', seed }) as const);
    const units = await openDecoderUnits(runtime, { model, site: block.site });
    const together = await units.maps(images.map((image) => pictureOf(opened, image)));
    for (const [index, image] of images.entries()) {
      const given = { image, question: 'what color is the car', answer: [] };
      const run = await runAnswer(opened, given, { attention: false });
      const { width } = run.embeddings;
      const { data } = run.capture.states[block.block + 1]!.state;
      const states = new Float32Array(run.positions.length * width);
      run.positions.forEach((position, token) => {
        states.set(data.subarray(position * width, (position + 1) * width), token * width);
      });
      const side = Math.sqrt(run.positions.length);
      const expected = patchUnits(
        tensor(['token', 'unit'], [run.positions.length, width], states),
        side,
        side,
        0,
      );
      const { dims, data: found } = together[index]!;
      expect(dims).toEqual(expected.dims);
      // The same kernels on other lengths and batches: rounding only.
      expected.data.forEach((value, i) => {
        expect(Math.abs(found[i]! - value)).toBeLessThan(2e-4 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('are dissected like any other, the vision tower among them', async () => {
    for (const site of ['decoder.blocks.2.mlp.post', 'vision.blocks.3.mlp.post']) {
      const { rows } = await dissect(
        { model, site, scenes: 16, seed: 1 },
        contextOf<DissectProgress>(runtime),
      );
      const { maps } = await pictureUnits(
        { model, site, image: { kind: 'scene', seed: 8 } },
        contextOf<Progress>(runtime),
      );
      expect(maps.dims[0]).toBe(rows.length);
      expect(Math.max(...rows.map(({ iou }) => iou))).toBeGreaterThan(0.04);
    }
    await expect(
      dissect({ model, site: 'decoder.nowhere', scenes: 8, seed: 1 }, contextOf<DissectProgress>(runtime)),
    ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'site' } });
  });

  it('behind queries are laid where these look', async () => {
    const { maps } = await pictureUnits(
      { model: 'scene-vlm-qformer', site: 'decoder.blocks.1.mlp.post', image: { kind: 'scene', seed: 8 } },
      contextOf<Progress>(runtime),
    );
    expect(maps.dims.slice(1)).toEqual([8, 8]);
    expect(maps.data.some((value) => value !== 0)).toBe(true);
  });
});
