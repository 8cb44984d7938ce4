/** Direct logit attribution: what each head carries from each position straight to a difference of two logits. */

import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type DecoderHead, normFigures } from '../concepts/logit-lens.ts';

/** One block's attention on one sequence. */
export interface BlockAttention {
  readonly pattern: Tensor<readonly ['head', 'query', 'key']>;
  readonly value: Tensor<readonly ['head', 'key', 'dim']>;
  /** W_O, applied from the right to concatenated heads. */
  readonly projection: Tensor<readonly ['head', 'dim', 'width']>;
}

/**
 * The direction in the residual stream along which a write w changes the logit of `token` minus that of `against` by
 * dot(w, direction): unembeddings' difference through the final norm, frozen at the figures of `state` [width].
 */
export function logitDirection(
  state: Float32Array,
  { norm, unembedding }: DecoderHead,
  token: number,
  against: number,
): Float32Array {
  const [width, tokens] = unembedding.dims;
  const { deviation } = normFigures(state, norm);
  const direction = new Float64Array(width);
  let mean = 0;
  for (let i = 0; i < width; i++) {
    const difference = unembedding.data[i * tokens + token]! - unembedding.data[i * tokens + against]!;
    direction[i] = (difference * norm.scale[i]!) / deviation;
    mean += direction[i]! / width;
  }
  // A layer norm takes the mean off every write.
  const off = norm.kind === 'layer' ? mean : 0;
  return Float32Array.from(direction, (value) => value - off);
}

/**
 * Recipe `direct-attribution` (Elhage et al. 2021; Gandelsman et al. 2024): pattern(query -> key) x value(key) x W_O . direction
 * for every block, head and key. Logits, signed. Direct path only: what a head tells by way of later layers is not in it, and
 * neither are MLPs and biases. `last` is the last key that the query may read: itself, where attention is causal.
 */
export function directAttribution(
  blocks: readonly BlockAttention[],
  query: number,
  direction: Float32Array,
  last = query,
): Tensor<readonly ['layer', 'head', 'key']> {
  const [heads, , keys] = blocks[0]?.pattern.dims ?? [0, 0, 0];
  const out = new Float32Array(blocks.length * heads * keys);
  blocks.forEach(({ pattern, value, projection }, layer) => {
    const [, queries, own] = pattern.dims;
    const dim = value.dims[2];
    const width = direction.length;
    if (
      own !== keys ||
      value.dims[1] !== keys ||
      projection.dims[2] !== width ||
      projection.dims[1] !== dim
    ) {
      throw new RangeError(`block ${layer}: pattern [${pattern.dims}], value [${value.dims}] do not fit`);
    }
    // First W_O . direction: one small vector a head, whatever the number of keys.
    for (let head = 0; head < heads; head++) {
      const reading = new Float64Array(dim);
      for (let d = 0; d < dim; d++) {
        const at = (head * dim + d) * width;
        let sum = 0;
        for (let i = 0; i < width; i++) sum += projection.data[at + i]! * direction[i]!;
        reading[d] = sum;
      }
      for (let key = 0; key <= last; key++) {
        const weight = pattern.data[(head * queries + query) * keys + key]!;
        const at = (head * keys + key) * dim;
        let sum = 0;
        for (let d = 0; d < dim; d++) sum += value.data[at + d]! * reading[d]!;
        out[(layer * heads + head) * keys + key] = weight * sum;
      }
    }
  });
  return tensor(['layer', 'head', 'key'], [blocks.length, heads, keys], out);
}
