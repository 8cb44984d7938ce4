/** A generated token as the page shows it, with what stood in its place. */

import type { GeneratedToken } from '../families/generative/generate.ts';
import { topTokens } from '../families/generative/sample.ts';
import type { Tokenizer } from '../families/session.ts';
import type { AnswerToken, Candidate } from '../protocol/ask.ts';
import { softmax } from '../tensor/statistics.ts';

const CANDIDATES = 5;

interface Speaker {
  readonly tokenizer: Tokenizer;
}

export function readToken(model: Speaker, { id, forced, logits }: GeneratedToken): AnswerToken {
  return {
    id,
    text: model.tokenizer.token(id),
    probability: softmax(logits)[id]!,
    forced,
    candidates: candidatesOf(model, logits, CANDIDATES),
  };
}

/** The most probable tokens, best first. */
export function candidatesOf(
  { tokenizer }: Speaker,
  logits: Float32Array,
  count: number,
): readonly Candidate[] {
  return topTokens(logits, count).map(({ id, probability }) => ({
    id,
    text: tokenizer.token(id),
    probability,
  }));
}
