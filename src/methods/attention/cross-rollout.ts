/** Attention rollout and sinks where the picture is read by cross attention. */

import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type Pattern, SINK_SHARE } from './rollout.ts';

export interface CrossPatterns {
  /** Over the text: query x query. */
  readonly self: Pattern;
  /** From the text over the picture's positions. */
  readonly cross: Pattern;
}

/**
 * Recipe `rollout`, each of a block's two attentions in turn (after Chefer et al. 2021, without gradients): half of a state stays
 * what it was, half becomes what it reads. [query, key], keys the picture's positions and then the text's; rows sum to 1. The
 * picture's positions are taken for themselves: what the encoder mixed into them is not undone.
 */
export function crossRollout(layers: readonly CrossPatterns[]): Tensor<readonly ['query', 'key']> {
  const [, length = 0, memory = 0] = layers[0]?.cross.dims ?? [];
  const width = memory + length;
  let rows = new Float64Array(length * width);
  for (let query = 0; query < length; query++) rows[query * width + memory + query] = 1;
  for (const { self, cross } of layers) {
    const next = rows.map((value) => 0.5 * value);
    eachMean(self, (query, key, weight) => {
      for (let j = 0; j < width; j++) {
        next[query * width + j] = next[query * width + j]! + 0.5 * weight * rows[key * width + j]!;
      }
    });
    rows = next.map((value) => 0.5 * value);
    eachMean(cross, (query, key, weight) => {
      rows[query * width + key] = rows[query * width + key]! + 0.5 * weight;
    });
  }
  return tensor(['query', 'key'], [length, width], Float32Array.from(rows));
}

/** Positions of the picture that take {@link SINK_SHARE} or more of all cross attention, mean over layers, heads and words. */
export function crossSinks(
  layers: readonly CrossPatterns[],
): readonly { readonly position: number; readonly share: number }[] {
  const [, length = 0, memory = 0] = layers[0]?.cross.dims ?? [];
  const shares = new Float64Array(memory);
  for (const { cross } of layers) {
    eachMean(cross, (_, key, weight) => {
      shares[key] = shares[key]! + weight / (length * layers.length);
    });
  }
  return [...shares].flatMap((share, position) => (share >= SINK_SHARE ? [{ position, share }] : []));
}

/** Every weight that is not 0, heads averaged. */
function eachMean(
  { dims: [heads, queries, keys], data }: Pattern,
  take: (query: number, key: number, weight: number) => void,
): void {
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      let sum = 0;
      for (let head = 0; head < heads; head++) sum += data[(head * queries + query) * keys + key]!;
      if (sum !== 0) take(query, key, sum / heads);
    }
  }
}
