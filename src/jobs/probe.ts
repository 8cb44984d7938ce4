/** The probe: what a layer says of any scene at all, to be taken away before it is compared with a text. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { floats } from '../families/session.ts';
import { probeMean } from '../methods/concepts/lens.ts';
import { tensor } from '../tensor/tensor.ts';
import { openContrastive } from './contrastive-model.ts';
import { memo } from './memo.ts';
import type { Runtime } from './runtime.ts';
import { drawSeed } from './scenes.ts';

const FIRST_SEED = 8_000_000;
const SCENES = 64;
const BATCH = 8;

/** For each block's site the mean lens embedding over 64 held-out scenes. */
export const probeMeans = memo(
  async (runtime: Runtime, id: string): Promise<ReadonlyMap<string, Float32Array>> => {
    const model = await openContrastive(runtime, id);
    const { blocks, head } = model.tower;
    const width = head.gamma.length;
    const states = new Map(blocks.map(({ site }) => [site, new Float32Array(SCENES * width)]));
    for (let start = 0; start < SCENES; start += BATCH) {
      const pictures = Array.from({ length: BATCH }, (_, i) =>
        drawSeed(FIRST_SEED + start + i, model.config.imageSize),
      );
      const results = await encodePictures(
        model.vision,
        model.preprocessing,
        pictures.map(({ picture }) => picture),
        blocks.map(({ residual }) => residual),
      );
      for (const { site, residual } of blocks) {
        const { dims, data } = floats(results, residual);
        const positions = dims[1]!;
        for (let i = 0; i < BATCH; i++) {
          const cls = data.subarray(i * positions * width, (i * positions + 1) * width);
          states.get(site)!.set(cls, (start + i) * width);
        }
      }
      await runtime.pause();
    }
    return new Map(
      [...states].map(([site, data]) => [
        site,
        probeMean(tensor(['image', 'width'], [SCENES, width], data), head),
      ]),
    );
  },
);
