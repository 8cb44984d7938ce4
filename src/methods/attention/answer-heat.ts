/** Heat over the picture for one word of an answer, from what its run left. */

import type {
  AnswerExplanation,
  AttributionMethod,
  PatchAblation,
  TokenExplanation,
  TokenRole,
} from '../../protocol/ask.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';

/** Which layers and heads are looked at; counted from 0. */
export interface HeadChoice {
  readonly layer: number | 'mean';
  readonly head: number | 'mean';
}

export const WHOLE: HeadChoice = { layer: 'mean', head: 'mean' };

/**
 * What each position gave to the word, [key]: mean attention over the chosen layers and heads, summed attribution, or rollout
 * (which has no choice). Attention and rollout sum to 1, attribution to what attention carried directly.
 */
export function keyWeights(
  token: TokenExplanation,
  method: AttributionMethod,
  choice: HeadChoice,
): Float32Array {
  if (method === 'rollout') return token.rollout;
  const { dims, data } = method === 'attention' ? token.attention : token.attribution;
  const [layers, heads, keys] = dims;
  const out = new Float32Array(keys);
  let count = 0;
  for (let layer = 0; layer < layers; layer++) {
    if (choice.layer !== 'mean' && choice.layer !== layer) continue;
    for (let head = 0; head < heads; head++) {
      if (choice.head !== 'mean' && choice.head !== head) continue;
      count++;
      const at = (layer * heads + head) * keys;
      for (let key = 0; key < keys; key++) out[key] = out[key]! + data[at + key]!;
    }
  }
  return method === 'attention' ? out.map((value) => value / Math.max(1, count)) : out;
}

/**
 * The same over the picture's grid. Behind a Q-Former the weights of its queries are spread over the patches that each query
 * reads (recipe `composition`: answer -> queries -> patches), which supposes that a query carries what it looks at. Where a picture is
 * seen in parts, a place sums what every token that shows it gave.
 */
export function answerHeat(
  explanation: AnswerExplanation,
  token: TokenExplanation,
  method: AttributionMethod,
  choice: HeadChoice,
): Grid {
  const { gridHeight, gridWidth, imagePositions, places, queries } = explanation;
  const weights = keyWeights(token, method, choice);
  const image = Float32Array.from(imagePositions, (position) => weights[position]!);
  if (places) {
    const sums = places.map((tokens) => tokens.reduce((sum, token) => sum + image[token]!, 0));
    return grid(gridHeight, gridWidth, Float32Array.from(sums));
  }
  if (!queries) return grid(gridHeight, gridWidth, image);
  const patches = gridHeight * gridWidth;
  const out = new Float32Array(patches);
  image.forEach((weight, query) => {
    for (let p = 0; p < patches; p++) out[p] = out[p]! + weight * queries.maps.data[query * patches + p]!;
  });
  return grid(gridHeight, gridWidth, out);
}

/** Drop of log probability of one answer token, patch by patch. */
export function ablationHeat({ gridHeight, gridWidth, drop }: PatchAblation, token: number): Grid {
  const patches = drop.dims[1];
  return grid(gridHeight, gridWidth, drop.data.slice(token * patches, (token + 1) * patches));
}

/** Sum of {@link keyWeights} over each part of the sequence. */
export function partShares(
  { sequence }: AnswerExplanation,
  token: TokenExplanation,
  method: AttributionMethod,
): Readonly<Record<TokenRole, number>> {
  const weights = keyWeights(token, method, WHOLE);
  const sums = { template: 0, image: 0, question: 0, answer: 0 };
  for (const { position, role } of sequence) {
    if (position < weights.length) sums[role] += weights[position]!;
  }
  return sums;
}

/** Attention that each head puts on the picture from where the word is predicted: [layer][head], 0 to 1. */
export function imageHeads(
  { imagePositions }: AnswerExplanation,
  token: TokenExplanation,
): readonly (readonly number[])[] {
  const [layers, heads, keys] = token.attention.dims;
  return Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: heads }, (_, head) => {
      const at = (layer * heads + head) * keys;
      return imagePositions.reduce((sum, position) => sum + token.attention.data[at + position]!, 0);
    }),
  );
}
