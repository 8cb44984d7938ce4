/** The choice of the next token. */

import type { Sampling } from '../../protocol/ask.ts';
import { softmax } from '../../tensor/statistics.ts';

/**
 * The index of the chosen logit. Nucleus sampling (Holtzman et al. 2020): logits over temperature, the smallest set of most
 * probable tokens that reaches `topP`, one of them in proportion. `uniform` gives numbers in [0, 1).
 */
export function chooseToken(logits: Float32Array, sampling: Sampling, uniform: () => number): number {
  const order = Array.from(logits, (_, id) => id).sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (sampling.mode === 'greedy') return order[0]!;
  const probability = softmax(order.map((id) => logits[id]! / sampling.temperature));
  let kept = 0;
  let mass = 0;
  while (kept < order.length && (kept === 0 || mass < sampling.topP)) mass += probability[kept++]!;
  let left = uniform() * mass;
  for (let rank = 0; rank < kept; rank++) {
    left -= probability[rank]!;
    if (left < 0) return order[rank]!;
  }
  return order[kept - 1]!;
}

/** The `count` most probable tokens, best first. */
export function topTokens(
  logits: Float32Array,
  count: number,
): readonly { readonly id: number; readonly probability: number }[] {
  const probability = softmax(logits);
  return probability
    .map((value, id) => ({ id, probability: value }))
    .sort((a, b) => b.probability - a.probability || a.id - b.id)
    .slice(0, count);
}
