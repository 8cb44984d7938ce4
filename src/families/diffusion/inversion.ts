/** From a picture's latents back towards noise: by adding it, and by running DDIM backwards. */

import type { DdimConfig } from './ddim.ts';

/** Latents noised to a signal power `alpha` (the forward process): sqrt(alpha) x + sqrt(1 - alpha) noise. */
export function noised(clean: Float32Array, noise: Float32Array, alpha: number): Float32Array {
  const [signal, sigma] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
  return clean.map((value, at) => signal * value + sigma * noise[at]!);
}

/** The noise that a prediction at signal power `alpha` says is in `latents`. */
export function predictedNoise(
  { prediction }: Pick<DdimConfig, 'prediction'>,
  latents: Float32Array,
  output: Float32Array,
  alpha: number,
): Float32Array {
  const [signal, sigma] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
  if (prediction === 'epsilon') return output;
  if (prediction === 'sample') return latents.map((value, at) => (value - signal * output[at]!) / sigma);
  return latents.map((value, at) => signal * output[at]! + sigma * value);
}

/**
 * One DDIM step backwards, from signal power `from` to the smaller `to`, with the noise that is assumed at `to`. It undoes the
 * forward step exactly when that noise is the one predicted at the result (fixed point), which the caller iterates for.
 */
export function inverseStep(
  latents: Float32Array,
  noise: Float32Array,
  from: number,
  to: number,
): Float32Array {
  const clean = latents.map((value, at) => (value - Math.sqrt(1 - from) * noise[at]!) / Math.sqrt(from));
  return noised(clean, noise, to);
}
