/**
 * One full run of the decoder over a sequence, everything kept: what every explanation of an answer starts from. Concept
 * vectors, lenses, attribution and patching take the same capture.
 */

import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floats, type Session, type Value } from '../session.ts';
import type { Decoder } from './decoder.ts';
import { cutPast, presentOutputs, readPast } from './past.ts';
import { type DecoderEdits, type Embeddings, type Past, runDecoder } from './run-decoder.ts';

export interface CapturedAttention {
  /** Each row sums to 1 over keys; later keys than the query are 0. */
  readonly pattern: Tensor<readonly ['head', 'query', 'key']>;
  readonly value: Tensor<readonly ['head', 'key', 'dim']>;
}

export interface DecoderCapture {
  /** Row p predicts position p + 1. */
  readonly logits: Tensor<readonly ['position', 'token']>;
  /** The residual stream: entry 0 the embeddings, entry b + 1 the state after block b. */
  readonly states: readonly {
    readonly site: string;
    readonly state: Tensor<readonly ['position', 'width']>;
  }[];
  /** By block; empty when not asked for. */
  readonly attention: readonly CapturedAttention[];
  /** The cache after the sequence, for runs that go on from a part of it. */
  readonly past: Past;
}

/** Runs a sequence of batch 1. `attention: false` leaves patterns and values out. Throws RangeError for another batch. */
export async function captureSequence(
  session: Session,
  decoder: Decoder,
  embeddings: Embeddings,
  { attention = true, edits = {} }: { readonly attention?: boolean; readonly edits?: DecoderEdits } = {},
): Promise<DecoderCapture> {
  if (embeddings.batch !== 1) throw new RangeError(`a batch of ${embeddings.batch}, not 1`);
  const { blocks } = decoder;
  const inside = blocks.flatMap(({ residual, pattern, value }) =>
    attention ? [residual, pattern, value] : [residual],
  );
  const fetch = [...new Set(['logits', ...inside, ...presentOutputs(decoder)])];
  const outputs = await runDecoder(session, decoder, embeddings, null, fetch, edits);
  const { length, width, data } = embeddings;
  const embed = decoder.blocks[0]!.site.replace(/blocks\.\d+\.resid_post$/, 'embed');
  return {
    logits: twoAxes(outputs, 'logits', ['position', 'token']),
    states: [
      { site: embed, state: tensor(['position', 'width'], [length, width], data) },
      ...blocks.map(({ site, residual }) => ({
        site,
        state: twoAxes(outputs, residual, ['position', 'width']),
      })),
    ],
    attention: attention
      ? blocks.map(({ pattern, value }) => ({
          pattern: threeAxes(outputs, pattern, ['head', 'query', 'key']),
          value: threeAxes(outputs, value, ['head', 'key', 'dim']),
        }))
      : [],
    past: readPast(decoder, outputs),
  };
}

/**
 * Attention of the positions from `first` on alone, for sequences whose whole patterns would fill the memory: rows of the pattern
 * from there on, values of every key. `past` is that of the whole sequence, of a decoder with a cache.
 */
export async function captureTail(
  session: Session,
  decoder: Decoder,
  embeddings: Embeddings,
  past: Past,
  first: number,
): Promise<readonly CapturedAttention[]> {
  const { length, width, data } = embeddings;
  const stretch = { batch: 1, length: length - first, width, data: data.subarray(first * width) };
  const inside = decoder.blocks.flatMap(({ pattern, value }) => [pattern, value]);
  const outputs = await runDecoder(session, decoder, stretch, cutPast(past, first, 1), [...new Set(inside)]);
  return decoder.blocks.map(({ pattern, value }) => ({
    pattern: threeAxes(outputs, pattern, ['head', 'query', 'key']),
    value: threeAxes(outputs, value, ['head', 'key', 'dim']),
  }));
}

/** [1, a, b] without its batch. */
function twoAxes<const A extends readonly [string, string]>(
  outputs: Readonly<Record<string, Value>>,
  name: string,
  axes: A,
): Tensor<A> {
  const { dims, data } = floats(outputs, name);
  const [batch, first, second] = dims;
  if (dims.length !== 3 || batch !== 1 || !first || !second)
    throw new RangeError(`${name}: [${dims.join(', ')}]`);
  return { axes, dims: [first, second] as Tensor<A>['dims'], data };
}

/** [1, a, b, c] without its batch. */
function threeAxes<const A extends readonly [string, string, string]>(
  outputs: Readonly<Record<string, Value>>,
  name: string,
  axes: A,
): Tensor<A> {
  const { dims, data } = floats(outputs, name);
  const [batch, first, second, third] = dims;
  if (dims.length !== 4 || batch !== 1 || !first || !second || !third) {
    throw new RangeError(`${name}: [${dims.join(', ')}]`);
  }
  return { axes, dims: [first, second, third] as Tensor<A>['dims'], data };
}
