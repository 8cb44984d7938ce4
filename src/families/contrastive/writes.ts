/** What every component wrote to the CLS position: of a batch of images, cut into one record an image. */

import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';
import type { VisionTower } from './vision.ts';

/** As the method `components` takes it. */
export interface ImageWrites {
  readonly input: Float32Array;
  readonly heads: readonly Tensor<readonly ['head', 'dim']>[];
  readonly mlps: readonly Float32Array[];
  readonly state: Float32Array;
}

interface BlockOutputs {
  readonly z: string;
  readonly mid: string;
  readonly post: string;
}

/** The outputs of a tower that {@link imageWrites} reads. Throws `model-corrupt` where a tower has no such sites. */
export function writeOutputs(tower: VisionTower): {
  readonly input: string;
  readonly blocks: readonly BlockOutputs[];
  readonly fetch: readonly string[];
} {
  const output = (site: string): string => {
    const found = tower.sites.get(site);
    if (!found)
      throw new VitrineError('model-corrupt', `vision model: no site ${site}`, { file: 'vision_model' });
    return found.output;
  };
  const stem = (site: string): string => site.replace(/\.resid_post$/, '');
  const blocks = tower.blocks.map(({ site, residual }) => ({
    z: output(`${stem(site)}.attn.z`),
    mid: output(`${stem(site)}.resid_mid`),
    post: residual,
  }));
  const input = output(`${stem(tower.blocks[0]!.site)}.resid_pre`);
  const inside = blocks.flatMap(({ z, mid, post }) => [z, mid, post]);
  return { input, blocks, fetch: [...new Set(['image_embeds', input, ...inside])] };
}

/** Reads the outputs of a batch: one record an image, in order. */
export function imageWrites(
  tower: VisionTower,
  outputs: Readonly<Record<string, Value>>,
): readonly ImageWrites[] {
  const { input, blocks } = writeOutputs(tower);
  const images = floats(outputs, input).dims[0] ?? 0;
  return Array.from({ length: images }, (_, image) => {
    const posts = blocks.map(({ post }) => clsState(floats(outputs, post), image));
    return {
      input: clsState(floats(outputs, input), image),
      heads: blocks.map(({ z }) => clsHeads(floats(outputs, z), image)),
      mlps: blocks.map(({ mid }, layer) => {
        const before = clsState(floats(outputs, mid), image);
        return posts[layer]!.map((value, i) => value - before[i]!);
      }),
      state: posts.at(-1)!,
    };
  });
}

interface Floats {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Position 0 of [image, position, width]. */
export function clsState({ dims, data }: Floats, image: number): Float32Array {
  const [, positions = 0, width = 0] = dims;
  return data.slice(image * positions * width, image * positions * width + width);
}

/** Query 0 of [image, head, query, dim]. */
function clsHeads({ dims, data }: Floats, image: number): Tensor<readonly ['head', 'dim']> {
  const [, heads = 0, queries = 0, width = 0] = dims;
  const out = new Float32Array(heads * width);
  for (let head = 0; head < heads; head++) {
    const from = (image * heads + head) * queries * width;
    out.set(data.subarray(from, from + width), head * width);
  }
  return tensor(['head', 'dim'], [heads, width], out);
}
