/** The end of a decoder: final norm and unembedding, and what it makes of a state anywhere inside. */

import type { Tensor } from '../../tensor/tensor.ts';

export interface FinalNorm {
  readonly kind: 'layer' | 'rms';
  readonly scale: Float32Array;
  readonly bias: Float32Array | null;
  readonly epsilon: number;
}

export interface DecoderHead {
  readonly norm: FinalNorm;
  /** Applied from the right. */
  readonly unembedding: Tensor<readonly ['width', 'token']>;
}

/** Mean and deviation that the norm takes off and divides by: sqrt(mean((x - mean)^2) + epsilon); an RMS norm's mean is 0. */
export function normFigures(state: Float32Array, norm: FinalNorm): { mean: number; deviation: number } {
  const width = state.length;
  if (norm.scale.length !== width)
    throw new RangeError(`a state of ${width}, a norm of ${norm.scale.length}`);
  let mean = 0;
  if (norm.kind === 'layer') for (const value of state) mean += value / width;
  let squares = 0;
  for (const value of state) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / width + norm.epsilon) };
}

/**
 * Recipe `logit-lens` (nostalgebraist 2020): a residual state [width] through the *final* norm and the unembedding. Logits
 * [token]; for the last state they are the model's own, up to a bias of the head, which is left out.
 */
export function lensLogits(state: Float32Array, { norm, unembedding }: DecoderHead): Float32Array {
  const { mean, deviation } = normFigures(state, norm);
  const [width, tokens] = unembedding.dims;
  const sums = new Float64Array(tokens);
  for (let i = 0; i < width; i++) {
    const value = ((state[i]! - mean) / deviation) * norm.scale[i]! + (norm.bias?.[i] ?? 0);
    const at = i * tokens;
    for (let token = 0; token < tokens; token++) {
      sums[token] = sums[token]! + value * unembedding.data[at + token]!;
    }
  }
  return Float32Array.from(sums);
}
