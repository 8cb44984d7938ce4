/** What each patch adds to the match with a text where one attention pools all of them. */

import { type Grid, grid } from '../../tensor/tensor.ts';
import { type ClsAttention, headContributions } from './relevance.ts';

export interface PooledImage extends ClsAttention {
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Heads that are left out. */
  readonly without: ReadonlySet<number>;
  /** Turns dot products into logits: logit scale / length of the image embedding. */
  readonly scale: number;
}

/**
 * Recipe `pooled-relevance`: pattern(query -> patch) x value(patch) x W_O, dotted with `text` = (text - mean text), times `scale`,
 * summed over heads (but those left out). Direct path only: the pooled sum is the embedding but for what the head's own MLP adds, which is not in it.
 * Signed; patches and the output bias together give the attention's own figure. Unit: logits. Throws RangeError where keys are no grid.
 */
export function pooledRelevance(image: PooledImage, text: Float32Array): Grid {
  const { gridHeight, gridWidth, scale } = image;
  const [heads, keys] = image.pattern.dims;
  if (keys !== gridHeight * gridWidth)
    throw new RangeError(`${keys} keys, ${gridHeight} x ${gridWidth} patches`);
  const { data } = headContributions(image, { direction: Float64Array.from(text), constant: 0 });
  const out = new Float32Array(keys);
  for (let head = 0; head < heads; head++) {
    if (image.without.has(head)) continue;
    for (let key = 0; key < keys; key++) out[key] = out[key]! + data[head * keys + key]! * scale;
  }
  return grid(gridHeight, gridWidth, out);
}
