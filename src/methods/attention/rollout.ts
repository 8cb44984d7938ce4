/** Attention rollout and attention sinks, from all patterns of a sequence. */

import { type Tensor, tensor } from '../../tensor/tensor.ts';

export type Pattern = Tensor<readonly ['head', 'query', 'key']>;

/**
 * Recipe `rollout` (Abnar and Zuidema 2020): heads averaged, half of it the residual stream's identity, multiplied through
 * the layers. [query, key], rows sum to 1. It takes every head for equal and ignores what values hold.
 */
export function rollout(layers: readonly Pattern[]): Tensor<readonly ['query', 'key']> {
  const size = layers[0]?.dims[1] ?? 0;
  let product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) product[i * size + i] = 1;
  for (const { dims, data } of layers) {
    const [heads, queries, keys] = dims;
    if (queries !== size || keys !== size)
      throw new RangeError(`rollout: a pattern of [${dims}], not ${size} x ${size}`);
    const next = new Float64Array(size * size);
    for (let query = 0; query < size; query++) {
      for (let key = 0; key < size; key++) {
        let mean = 0;
        for (let head = 0; head < heads; head++) mean += data[(head * size + query) * size + key]! / heads;
        const weight = 0.5 * mean + (query === key ? 0.5 : 0);
        if (weight === 0) continue;
        for (let j = 0; j < size; j++) {
          next[query * size + j] = next[query * size + j]! + weight * product[key * size + j]!;
        }
      }
    }
    product = next;
  }
  return tensor(['query', 'key'], [size, size], Float32Array.from(product));
}

/** A position that takes at least this share of all later positions' attention is a sink: a resting place, not a reason. */
export const SINK_SHARE = 0.2;

/**
 * Attention sinks (Xiao et al. 2024): positions that take {@link SINK_SHARE} or more of the attention of the positions after
 * them, mean over layers, heads and those queries. The last quarter of the sequence is not judged: too few look back at it.
 */
export function sinks(
  layers: readonly Pattern[],
): readonly { readonly position: number; readonly share: number }[] {
  const size = layers[0]?.dims[1] ?? 0;
  const found: { position: number; share: number }[] = [];
  for (let key = 0; key < Math.ceil(0.75 * size); key++) {
    let sum = 0;
    let count = 0;
    for (const { dims, data } of layers) {
      const [heads, queries, keys] = dims;
      for (let head = 0; head < heads; head++) {
        for (let query = key + 1; query < queries; query++)
          sum += data[(head * queries + query) * keys + key]!;
      }
      count += heads * Math.max(0, queries - key - 1);
    }
    const share = count === 0 ? 0 : sum / count;
    if (share >= SINK_SHARE) found.push({ position: key, share });
  }
  return found;
}
