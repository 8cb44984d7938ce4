/** An answer, token by token, on the key-value cache. */

import type { Sampling } from '../../protocol/ask.ts';
import { floats, type Session } from '../session.ts';
import type { Decoder } from './decoder.ts';
import { presentOutputs, readPast } from './past.ts';
import { type DecoderEdits, type Embeddings, type Past, runDecoder } from './run-decoder.ts';
import { chooseToken } from './sample.ts';

/** How tokens are chosen, and when to stop. */
export interface SpeechRules {
  /** Tokens that the answer must begin with; the prompt holds them already. */
  readonly forced: readonly number[];
  readonly sampling: Sampling;
  /** Numbers in [0, 1). */
  readonly uniform: () => number;
  readonly endTokens: readonly number[];
  readonly maxTokens: number;
}

/** What a model says next, given what it has said so far. */
export interface Speech {
  /** Runs the prompt: logits [token] of every forced token and of the first free one. */
  begin(): Promise<readonly Float32Array[]>;
  /** Logits [token] after one more token. */
  after(id: number): Promise<Float32Array>;
}

export interface GeneratedToken {
  readonly id: number;
  readonly forced: boolean;
  /** [token]: what it was chosen from. */
  readonly logits: Float32Array;
}

/** Yields every token, the forced ones first; returns whether the model ended by itself. The end token is not yielded. */
export async function* speak(
  speech: Speech,
  { forced, sampling, uniform, endTokens, maxTokens }: SpeechRules,
): AsyncGenerator<GeneratedToken, 'end-token' | 'limit'> {
  const rows = await speech.begin();
  if (rows.length !== forced.length + 1) throw new RangeError(`${rows.length} rows, ${forced.length} forced`);
  for (const [index, id] of forced.entries()) yield { id, forced: true, logits: rows[index]! };
  let logits = rows.at(-1)!;
  for (let count = 0; count < maxTokens; count++) {
    const id = chooseToken(logits, sampling, uniform);
    if (endTokens.includes(id)) return 'end-token';
    yield { id, forced: false, logits };
    if (count + 1 < maxTokens) logits = await speech.after(id);
  }
  return 'limit';
}

export interface AnswerPlan extends SpeechRules {
  readonly session: Session;
  readonly decoder: Decoder;
  /** The prompt, image tokens and forced answer tokens included. */
  readonly prompt: Embeddings;
  /** Changes by the length of the sequence so far: a cut towards the answer grows with it. */
  readonly edits: (length: number) => DecoderEdits;
  /** Embeds one more token. */
  embed(id: number): Promise<Float32Array>;
}

/** What a decoder says after a prompt. */
export function generate(plan: AnswerPlan): AsyncGenerator<GeneratedToken, 'end-token' | 'limit'> {
  return speak(decoderSpeech(plan), plan);
}

function decoderSpeech({ session, decoder, prompt, forced, edits, embed }: AnswerPlan): Speech {
  const fetch = ['logits', ...presentOutputs(decoder)];
  const cached = decoder.cache.length > 0;
  let past: Past | null = null;
  let all = prompt;
  const run = async (stretch: Embeddings): Promise<(row: number) => Float32Array> => {
    const outputs = await runDecoder(
      session,
      decoder,
      stretch,
      cached ? past : null,
      fetch,
      edits(all.length),
    );
    past = readPast(decoder, outputs);
    const { dims, data } = floats(outputs, 'logits');
    const vocabulary = dims[2]!;
    return (row) => data.slice(row * vocabulary, (row + 1) * vocabulary);
  };
  return {
    async begin() {
      const at = await run(prompt);
      const first = prompt.length - forced.length - 1;
      return Array.from({ length: forced.length + 1 }, (_, index) => at(first + index));
    },
    async after(id) {
      const data = await embed(id);
      all = cached ? { ...all, length: all.length + 1 } : append(all, data);
      const stretch = cached ? { batch: 1, length: 1, width: data.length, data } : all;
      return (await run(stretch))(stretch.length - 1);
    },
  };
}

function append(embeddings: Embeddings, next: Float32Array): Embeddings {
  const data = new Float32Array(embeddings.data.length + next.length);
  data.set(embeddings.data);
  data.set(next, embeddings.data.length);
  return { ...embeddings, length: embeddings.length + 1, data };
}
