/** What a row of logits gives a token. */

import type { Tensor } from '../tensor/tensor.ts';

/** log softmax(row)[token], in nats. */
export function logProbability(
  { dims: [, tokens], data }: Tensor<readonly ['position', 'token']>,
  row: number,
  token: number,
): number {
  const at = row * tokens;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < tokens; i++) top = Math.max(top, data[at + i]!);
  let sum = 0;
  for (let i = 0; i < tokens; i++) sum += Math.exp(data[at + i]! - top);
  return data[at + token]! - top - Math.log(sum);
}
