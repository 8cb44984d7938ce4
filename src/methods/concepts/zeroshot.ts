import { cosine, softmax } from '../../tensor/statistics.ts';
import { row, type Texts } from './texts.ts';

export interface ZeroShot {
  /** Image with each text, -1 to 1, in their order. */
  readonly cosine: readonly number[];
  /** Softmax over the texts of logit scale x cosine; sums to 1. */
  readonly probability: readonly number[];
  /** 1 / texts: what a model that knows nothing would say. */
  readonly baseline: number;
}

/**
 * Zero-shot classification as CLIP defines it. `image` [embedding] and `texts` need not be normalised; `logitScale` is the
 * exponential already (100 for OpenAI's models), not its logarithm. Throws RangeError for no texts.
 */
export function zeroShot(image: Float32Array, texts: Texts, logitScale: number): ZeroShot {
  const cosines = Array.from({ length: texts.dims[0] }, (_, index) => cosine(image, row(texts, index)));
  return {
    cosine: cosines,
    probability: softmax(cosines.map((value) => logitScale * value)),
    baseline: 1 / cosines.length,
  };
}
