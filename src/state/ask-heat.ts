/** What the ask view draws of an explained answer. */

import {
  ablationHeat,
  answerHeat,
  type HeadChoice,
  imageHeads,
  partShares,
} from '../methods/attention/answer-heat.ts';
import { topRocAuc } from '../methods/faithfulness/agreement.ts';
import type {
  AnswerExplanation,
  PatchAblation,
  PatchHeat,
  QueryMaps,
  TokenExplanation,
} from '../protocol/ask.ts';
import { type Grid, grid } from '../tensor/tensor.ts';
import type { AskMethod } from './ask-address.ts';

/** The heat of the answer's word at `index`; undefined while its ablation is not there. */
export function wordHeat(
  explanation: AnswerExplanation,
  ablation: PatchAblation | undefined,
  index: number,
  method: AskMethod,
  choice: HeadChoice,
): PatchHeat | undefined {
  const token = explanation.tokens[index];
  if (!token) return undefined;
  if (method === 'ablation') return ablation && { heat: ablationHeat(ablation, index), unit: 'nats' };
  const heat = answerHeat(explanation, token, method, choice);
  return { heat, unit: method === 'attribution' ? 'logits' : 'probability' };
}

/** Share of the patches that agreement is asked of: those whose ablation costs most. */
const WEIGHTIEST = 0.1;

/** Chance that a heat puts one of the tenth of patches that matter most by ablation above another patch, 0 to 1; 0.5 says nothing. */
export function agreement(heat: PatchHeat, ablation: PatchAblation, index: number): number {
  return topRocAuc(heat.heat.data, ablationHeat(ablation, index).data, WEIGHTIEST);
}

/** Where a word comes from: shares of the parts of the sequence, by the method where it has shares. */
export function wordShares(explanation: AnswerExplanation, token: TokenExplanation, method: AskMethod) {
  const by = method === 'rollout' ? 'rollout' : 'attention';
  return { by, shares: partShares(explanation, token, by) } as const;
}

/** The mean map of each query. */
export function queryGrids({ maps: { dims, data } }: QueryMaps): readonly Grid[] {
  const [queries, height, width] = dims;
  const size = height * width;
  return Array.from({ length: queries }, (_, query) =>
    grid(height, width, data.slice(query * size, (query + 1) * size)),
  );
}

/** [layer][head]: share of attention on the picture. */
export function headMatrix(explanation: AnswerExplanation, token: TokenExplanation) {
  return imageHeads(explanation, token);
}
