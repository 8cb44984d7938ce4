/** One full run of a decoder with cross attention, everything kept: what every explanation of its answer starts from. */

import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floats, type Session, type Value } from '../session.ts';
import type { CrossDecoder, CrossReading } from './cross-decoder.ts';
import { type Memory, runCross, type Written } from './run-cross.ts';

/** Rows of `pattern` sum to 1 over keys. */
export interface CapturedReading {
  readonly pattern: Tensor<readonly ['head', 'query', 'key']>;
  readonly value: Tensor<readonly ['head', 'key', 'dim']>;
}

export interface CrossCapture {
  /** Row p predicts position p + 1 of the text. */
  readonly logits: Tensor<readonly ['position', 'token']>;
  /** What the next block reads, after each block. */
  readonly states: readonly Tensor<readonly ['position', 'width']>[];
  /** By block: keys of `self` are positions of the text, keys of `cross` positions of the memory. */
  readonly layers: readonly { readonly self: CapturedReading; readonly cross: CapturedReading }[];
}

/** Runs the whole text over one memory (batch 1) in the instrumented session. */
export async function captureCross(
  session: Session,
  decoder: CrossDecoder,
  memory: Memory,
  written: Written,
): Promise<CrossCapture> {
  if (memory.dims[0] !== 1) throw new RangeError(`a batch of ${memory.dims[0]}, not 1`);
  const inside = decoder.blocks.flatMap(({ residual, self, cross }) => [
    residual,
    self.pattern,
    self.value,
    cross.pattern,
    cross.value,
  ]);
  const fetch = [...new Set(['logits', ...inside])];
  const outputs = await runCross(session, decoder, memory, written, fetch, { silenced: [] });
  const table = <const A extends readonly [string, string]>(name: string, axes: A): Tensor<A> => {
    const { dims, data } = floats(outputs, name);
    return tensor(axes, dims.slice(1) as Tensor<A>['dims'], data);
  };
  return {
    logits: table('logits', ['position', 'token']),
    states: decoder.blocks.map(({ residual }) => table(residual, ['position', 'width'])),
    layers: decoder.blocks.map(({ self, cross }) => ({
      self: captured(outputs, self),
      cross: captured(outputs, cross),
    })),
  };
}

function captured(
  outputs: Readonly<Record<string, Value>>,
  { pattern, value }: CrossReading,
): CapturedReading {
  const rows = floats(outputs, pattern);
  const values = floats(outputs, value);
  const [, heads = 0, queries = 0, keys = 0] = rows.dims;
  const dim = values.dims[3] ?? 0;
  return {
    pattern: tensor(['head', 'query', 'key'], [heads, queries, keys], rows.data),
    value: tensor(['head', 'key', 'dim'], [heads, keys, dim], values.data),
  };
}
