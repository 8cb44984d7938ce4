/** Runs of a decoder with cross attention: one in full, or one more token on the cache. */

import { neutralFeed } from '../../onnx/graph-builder.ts';
import { floats, type Session, type Value } from '../session.ts';
import { type CrossDecoder, MEMORY_INPUT } from './cross-decoder.ts';

interface Floats {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What the decoder's own positions hold: token ids, or their embeddings where the file wants these, [position, width]. */
export interface Written {
  readonly ids: readonly number[];
  readonly embeds: Float32Array | null;
}

/** The picture (and what was asked of it) as the encoder leaves it, [batch, position, width]. */
export type Memory = Floats;

/** By block: 0 for a head that says nothing. */
export type Silenced = readonly { readonly block: number; readonly head: number }[];

/** Keys and values by the name of the input that they are fed to. */
export type CrossPast = ReadonlyMap<string, Floats>;

/** Every row of the memory with the same text. The instrumented session takes `silenced`; a plain one takes null. */
export function runCross(
  session: Session,
  decoder: CrossDecoder,
  memory: Memory,
  written: Written,
  fetch: readonly string[],
  { past = null, silenced }: { readonly past?: CrossPast | null; readonly silenced: Silenced | null },
): Promise<Readonly<Record<string, Value>>> {
  const batch = memory.dims[0]!;
  const { ids, embeds } = written;
  const length = ids.length;
  const feeds: Record<string, Value> = { [MEMORY_INPUT]: { type: 'float32', ...memory } };
  const add = (name: string, value: () => Value): void => {
    if (decoder.inputs.has(name)) feeds[name] = value();
  };
  add('input_ids', () => integers(batch, ids));
  add('inputs_embeds', () => repeated(batch, length, embeds));
  add('encoder_attention_mask', () => integers(batch, new Array<number>(memory.dims[1]!).fill(1)));
  const before = past ? pastLength(decoder, past) : 0;
  add('attention_mask', () => integers(batch, new Array<number>(before + length).fill(1)));
  add('position_ids', () =>
    integers(
      batch,
      ids.map((_, index) => before + index),
    ),
  );
  add('use_cache_branch', () => ({ type: 'bool', dims: [1], data: Uint8Array.of(past ? 1 : 0) }));
  for (const { past: name, heads, dim } of decoder.cache) {
    const entry = past?.get(name) ?? { dims: [batch, heads, 0, dim], data: new Float32Array(0) };
    feeds[name] = { type: 'float32', ...entry };
  }
  if (silenced) feedGates(feeds, decoder, silenced);
  return session.run(feeds, fetch);
}

/** The outputs to fetch for the cache after a run: those of the picture only once. */
export function crossPresents({ cache }: CrossDecoder, past: CrossPast | null): readonly string[] {
  return cache.filter(({ memory }) => !(memory && past)).map(({ present }) => present);
}

export function readCrossPast(
  { cache }: CrossDecoder,
  outputs: Readonly<Record<string, Value>>,
  before: CrossPast | null,
): CrossPast {
  return new Map(
    cache.map(({ past, present, memory }) => [
      past,
      (memory && before?.get(past)) || floats(outputs, present),
    ]),
  );
}

function pastLength({ cache }: CrossDecoder, past: CrossPast): number {
  const own = cache.find(({ memory }) => !memory);
  return (own && past.get(own.past)?.dims[2]) ?? 0;
}

function feedGates(feeds: Record<string, Value>, { blocks }: CrossDecoder, silenced: Silenced): void {
  for (const { block, heads, headInputs } of blocks) {
    const off = silenced.filter((entry) => entry.block === block);
    for (const input of headInputs) {
      const data = new Float32Array(heads).fill(Number(neutralFeed(input).data[0]));
      for (const { head } of off) data[head] = 0;
      feeds[input.name] = { type: 'float32', dims: [1, heads, 1, 1], data };
    }
  }
}

/** One row of integers for each of the batch. */
function integers(batch: number, row: readonly number[]): Value {
  const data = BigInt64Array.from({ length: batch * row.length }, (_, i) => BigInt(row[i % row.length]!));
  return { type: 'int64', dims: [batch, row.length], data };
}

function repeated(batch: number, length: number, row: Float32Array | null): Value {
  if (!row) throw new RangeError('the decoder wants embeddings');
  const data = new Float32Array(batch * row.length);
  for (let i = 0; i < batch; i++) data.set(row, i * row.length);
  return { type: 'float32', dims: [batch, length, row.length / length], data };
}
