/**
 * Words that the prompt does not have, as further tokens of the text that nobody reads: their columns of every pattern are
 * masked and the rows renormalised, so that the picture stays the prompt's own, and what they would have got is read before.
 */

import type { Value } from '../session.ts';
import type { TextStates } from './sampler.ts';
import type { InstrumentedUnet } from './unet.ts';

/** The text with the probes' states at its end, [token + probe, width]. */
export function withProbes(text: TextStates, probes: readonly Float32Array[]): TextStates {
  const { width } = text;
  const data = new Float32Array(text.data.length + probes.length * width);
  data.set(text.data);
  probes.forEach((state, index) => {
    if (state.length !== width) throw new RangeError(`a probe of ${state.length} values, not ${width}`);
    data.set(state, text.data.length + index * width);
  });
  return { tokens: text.tokens + probes.length, width, data };
}

/** The added inputs that keep the probes from being read, in every row of the batch. */
export function probeFeeds(
  { taps }: InstrumentedUnet,
  tokens: number,
  probes: number,
): Readonly<Record<string, Value>> {
  const all = tokens + probes;
  const feeds: Record<string, Value> = {};
  for (const { inputs, rowsPerImage } of taps) {
    // Broadcast over batch and heads, which are one axis where they are folded.
    const dims = rowsPerImage === 1 ? [1, 1] : [1];
    const factor = Float32Array.from({ length: all }, (_, token) => (token < tokens ? 1 : 0));
    feeds[inputs.active] = { type: 'bool', dims: [...dims, 1, 1], data: Uint8Array.of(1) };
    feeds[inputs.renormalise] = { type: 'bool', dims: [...dims, 1, 1], data: Uint8Array.of(1) };
    feeds[inputs.factor] = { type: 'float32', dims: [...dims, 1, all], data: factor };
  }
  return feeds;
}

/**
 * A pattern over tokens and probes [.., token + probe] as two: the prompt's own, whose rows sum to 1 again, and for each probe
 * the share it would have if it alone stood beside the prompt.
 */
export function splitProbes(
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
  tokens: number,
): { readonly prompt: Value; readonly probes: Value } {
  const all = dims.at(-1) ?? 0;
  const count = all - tokens;
  const rows = data.length / all;
  const prompt = new Float32Array(rows * tokens);
  const probes = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    let own = 0;
    for (let token = 0; token < tokens; token++) own += data[row * all + token]!;
    for (let token = 0; token < tokens; token++)
      prompt[row * tokens + token] = data[row * all + token]! / own;
    for (let probe = 0; probe < count; probe++) {
      const value = data[row * all + tokens + probe]!;
      probes[row * count + probe] = value / (value + own);
    }
  }
  const head = dims.slice(0, -1);
  return {
    prompt: { type: 'float32', dims: [...head, tokens], data: prompt },
    probes: { type: 'float32', dims: [...head, count], data: probes },
  };
}
