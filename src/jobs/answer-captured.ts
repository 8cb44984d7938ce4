/** A greedy answer with the residual stream of every position kept: one pass over prompt and words, so that the map costs what the answer costs. */

import { captureSequence } from '../families/generative/capture.ts';
import { presentOutputs, readPast } from '../families/generative/past.ts';
import { type Past, runDecoder } from '../families/generative/run-decoder.ts';
import { floats } from '../families/session.ts';
import type { GivenAnswer, SequenceToken } from '../protocol/ask.ts';
import type { Pixels } from '../protocol/image.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { runAnswer } from './answer-run.ts';
import { embedTokens, type GenerativeModel, withAnswer } from './generative-model.ts';

export interface CapturedAnswer {
  readonly image: Pixels;
  /** Side of the square that the image tokens fill; 0 where a bridge's queries, or parts of the picture, stand for no places. */
  readonly grid: number;
  /** Prompt, given words, and the model's own; the end token is not in it. */
  readonly sequence: readonly SequenceToken[];
  /** Tokens of the answer, the given ones first. */
  readonly tokens: readonly number[];
  /** By block: the state after it, at every position. */
  readonly states: readonly Tensor<readonly ['position', 'width']>[];
}

/** `given.answer` are the words that the answer begins with; at most `most` tokens follow. `rest` is awaited between tokens. */
export async function captureAnswer(
  model: GenerativeModel,
  given: Omit<GivenAnswer, 'model'>,
  most: number,
  rest: () => Promise<void>,
): Promise<CapturedAnswer> {
  const run = await runAnswer(model, given, { attention: false });
  const { decoder, decoderSession: session, config } = model;
  const { width } = run.embeddings;
  const placed = !model.bridge?.maps.length && run.positions.length === run.grid ** 2;
  const own: number[] = [];
  const rows = run.capture.states.slice(1).map(({ state }) => [state.data]);
  const vocabulary = run.capture.logits.dims[1];
  let embeddings = run.embeddings;
  let past: Past = run.capture.past;
  let logits = run.capture.logits.data.slice(-vocabulary);
  const room = Math.min(most, config.limit - run.sequence.length);
  while (own.length < room) {
    const id = logits.indexOf(logits.reduce((most, value) => Math.max(most, value)));
    if (config.endTokens.includes(id)) break;
    own.push(id);
    const next = await embedTokens(model, [id]);
    const data = new Float32Array(embeddings.data.length + width);
    data.set(embeddings.data);
    data.set(next.data, embeddings.data.length);
    embeddings = { ...embeddings, length: embeddings.length + 1, data };
    if (decoder.cache.length === 0) {
      const whole = await captureSequence(session, decoder, embeddings, { attention: false });
      whole.states.slice(1).forEach(({ state }, block) => {
        rows[block]!.push(state.data.slice(-width));
      });
      logits = whole.logits.data.slice(-vocabulary);
    } else {
      const fetch = ['logits', ...decoder.blocks.map(({ residual }) => residual), ...presentOutputs(decoder)];
      const step = { batch: 1, length: 1, width, data: next.data };
      const outputs = await runDecoder(session, decoder, step, past, fetch);
      decoder.blocks.forEach(({ residual }, block) => {
        rows[block]!.push(floats(outputs, residual).data);
      });
      past = readPast(decoder, outputs);
      logits = floats(outputs, 'logits').data.slice(-vocabulary);
    }
    await rest();
  }
  const prompt = run.sequence.slice(0, run.sequence.length - given.answer.length);
  const tokens = [...given.answer, ...own];
  return {
    image: run.image,
    grid: placed ? run.grid : 0,
    sequence: withAnswer(model, prompt, tokens),
    tokens,
    states: rows.map((parts) => joined(parts, width)),
  };
}

function joined(parts: readonly Float32Array[], width: number): Tensor<readonly ['position', 'width']> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const data = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return tensor(['position', 'width'], [length / width, width], data);
}
