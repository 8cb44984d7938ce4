/** An answer, token by token, on the key-value cache. */

import type { Sampling } from '../../protocol/ask.ts';
import { floats, type Session } from '../session.ts';
import type { Decoder } from './decoder.ts';
import { presentOutputs, readPast } from './past.ts';
import { type DecoderEdits, type Embeddings, type Past, runDecoder } from './run-decoder.ts';
import { chooseToken } from './sample.ts';

export interface AnswerPlan {
  readonly session: Session;
  readonly decoder: Decoder;
  /** The prompt, image tokens and forced answer tokens included. */
  readonly prompt: Embeddings;
  /** The forced tokens at its end. */
  readonly forced: readonly number[];
  readonly sampling: Sampling;
  /** Numbers in [0, 1). */
  readonly uniform: () => number;
  readonly endTokens: readonly number[];
  readonly maxTokens: number;
  /** Changes by the length of the sequence so far: a cut towards the answer grows with it. */
  readonly edits: (length: number) => DecoderEdits;
  /** Embeds one more token. */
  embed(id: number): Promise<Float32Array>;
}

export interface GeneratedToken {
  readonly id: number;
  readonly forced: boolean;
  /** [token]: what it was chosen from. */
  readonly logits: Float32Array;
}

/** Yields every token, the forced ones first; returns whether the model ended by itself. The end token is not yielded. */
export async function* generate(plan: AnswerPlan): AsyncGenerator<GeneratedToken, 'end-token' | 'limit'> {
  const { session, decoder, prompt } = plan;
  const fetch = ['logits', ...presentOutputs(decoder)];
  let outputs = await runDecoder(session, decoder, prompt, null, fetch, plan.edits(prompt.length));
  let { dims, data } = floats(outputs, 'logits');
  const vocabulary = dims[2]!;
  const at = (row: number) => data.slice(row * vocabulary, (row + 1) * vocabulary);
  const first = prompt.length - plan.forced.length;
  for (const [index, id] of plan.forced.entries()) yield { id, forced: true, logits: at(first + index - 1) };
  let past: Past = readPast(decoder, outputs);
  let all: Embeddings = prompt;
  let logits = at(prompt.length - 1);
  for (let count = 0; count < plan.maxTokens; count++) {
    const id = chooseToken(logits, plan.sampling, plan.uniform);
    if (plan.endTokens.includes(id)) return 'end-token';
    yield { id, forced: false, logits };
    if (count + 1 === plan.maxTokens) break;
    const next = await plan.embed(id);
    const cached = decoder.cache.length > 0;
    all = cached ? { ...all, length: all.length + 1 } : append(all, next);
    const step = cached ? { batch: 1, length: 1, width: next.length, data: next } : all;
    outputs = await runDecoder(session, decoder, step, cached ? past : null, fetch, plan.edits(all.length));
    ({ dims, data } = floats(outputs, 'logits'));
    logits = at(dims[1]! - 1);
    past = readPast(decoder, outputs);
  }
  return 'limit';
}

function append(embeddings: Embeddings, next: Float32Array): Embeddings {
  const data = new Float32Array(embeddings.data.length + next.length);
  data.set(embeddings.data);
  data.set(next, embeddings.data.length);
  return { ...embeddings, length: embeddings.length + 1, data };
}
