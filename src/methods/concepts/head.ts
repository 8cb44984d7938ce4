import type { Tensor } from '../../tensor/tensor.ts';

/** The end of a CLIP tower: final LayerNorm, then a projection without bias. */
export interface EmbeddingHead {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  /** Added to the variance. */
  readonly epsilon: number;
  readonly projection: Tensor<readonly ['width', 'embedding']>;
}

/** Mean and deviation sqrt(variance + epsilon) that the LayerNorm divides by. Population variance, double precision. */
export function normStatistics(
  state: Float32Array,
  head: EmbeddingHead,
): { mean: number; deviation: number } {
  const width = state.length;
  if (head.gamma.length !== width || head.beta.length !== width || head.projection.dims[0] !== width) {
    throw new RangeError(
      `state of ${width} values; head takes ${head.gamma.length}, projection ${head.projection.dims[0]}`,
    );
  }
  let mean = 0;
  for (let i = 0; i < width; i += 1) mean += state[i]!;
  mean /= width;
  let variance = 0;
  for (let i = 0; i < width; i += 1) variance += (state[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(variance / width + head.epsilon) };
}

/** A residual state [width] as an embedding: LayerNorm, then projection. Not normalised to length 1. */
export function embed(state: Float32Array, head: EmbeddingHead): Float32Array {
  const { mean, deviation } = normStatistics(state, head);
  const [width, size] = head.projection.dims;
  const sums = new Float64Array(size);
  for (let i = 0; i < width; i += 1) {
    const value = ((state[i]! - mean) / deviation) * head.gamma[i]! + head.beta[i]!;
    const at = i * size;
    for (let e = 0; e < size; e += 1) sums[e] = sums[e]! + value * head.projection.data[at + e]!;
  }
  return Float32Array.from(sums);
}
