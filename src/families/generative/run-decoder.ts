/** One run of the instrumented decoder: a batch of stretches of sequence after a common past, with whatever is to be changed. */

import { type AddedInput, neutralFeed } from '../../onnx/graph-builder.ts';
import type { Session, Value } from '../session.ts';
import { type StateChanges, steeringFeeds } from '../steering.ts';
import type { Decoder } from './decoder.ts';

/** Keys and values of the positions before, by the name of the input they are fed to: [batch, head, position, dim]. */
export interface Past {
  readonly length: number;
  readonly entries: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;
}

/** Embeddings of a stretch, [batch, position, width]. */
export interface Embeddings {
  readonly batch: number;
  readonly length: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Changes of one run. Positions are counted within the whole sequence, the past included. */
export interface DecoderEdits {
  /** Heads whose output is nothing. */
  readonly heads?: readonly { readonly block: number; readonly head: number }[];
  /** Attention that is cut: keys `from`, queries `to`, in these blocks. */
  readonly edges?: readonly {
    readonly blocks: readonly number[];
    readonly from: readonly number[];
    readonly to: readonly number[];
  }[];
  /** Residual states put in place after a block: for each row of the batch, at its own positions, a state [width]. */
  readonly states?: {
    readonly block: number;
    readonly rows: readonly { readonly positions: readonly number[]; readonly state: Float32Array }[];
  };
  /** For each row of the batch, what becomes of its last position after each block. Only a `steerableDecoder` can. */
  readonly directions?: readonly StateChanges[];
}

/** Scores that a softmax gives nothing: finite, so that a row of them alone is no NaN. */
const CUT = -1e9;

/** Feeds and fetches; the logits and presents come under the file's own names. */
export function runDecoder(
  session: Session,
  decoder: Decoder,
  embeddings: Embeddings,
  past: Past | null,
  fetch: readonly string[],
  edits: DecoderEdits = {},
): Promise<Readonly<Record<string, Value>>> {
  const { batch, length, width, data } = embeddings;
  const before = past?.length ?? 0;
  const feeds: Record<string, Value> = {
    inputs_embeds: { type: 'float32', dims: [batch, length, width], data },
    attention_mask: ones(batch, before + length),
  };
  if (decoder.inputs.has('position_ids')) feeds.position_ids = positions(batch, before, length);
  for (const { past: name, heads, dim } of decoder.cache) {
    const entry = past?.entries.get(name);
    feeds[name] = entry
      ? { type: 'float32', ...entry }
      : { type: 'float32', dims: [batch, heads, 0, dim], data: new Float32Array(0) };
  }
  for (const block of decoder.blocks) {
    feedInputs(feeds, block.stateInputs, stateFeeds(block.block, embeddings, before, edits));
    feedInputs(feeds, block.headInputs, headFeeds(block.block, block.heads, edits));
    feedInputs(feeds, block.edgeInputs, edgeFeeds(block.block, before, length, edits));
  }
  if (decoder.steered) {
    const rows = edits.directions ?? Array.from({ length: batch }, () => []);
    Object.assign(feeds, steeringFeeds(decoder.steered, rows, { at: length - 1, positions: length, width }));
  } else if (edits.directions) throw new RangeError('this decoder has no directions to change');
  return session.run(feeds, fetch);
}

type Fed = Readonly<Record<string, Value>>;

function feedInputs(feeds: Record<string, Value>, inputs: readonly AddedInput[], given: Fed): void {
  for (const input of inputs) feeds[input.name] = given[input.role] ?? neutral(input);
}

function neutral(input: AddedInput): Value {
  const { dims, data } = neutralFeed(input);
  if (data instanceof Float32Array) return { type: 'float32', dims, data };
  return data instanceof BigInt64Array ? { type: 'int64', dims, data } : { type: 'bool', dims, data };
}

function stateFeeds(
  block: number,
  { batch, length, width }: Embeddings,
  before: number,
  { states }: DecoderEdits,
): Fed {
  if (states?.block !== block) return {};
  if (states.rows.length !== batch)
    throw new RangeError(`${states.rows.length} rows of states for a batch of ${batch}`);
  const mask = new Uint8Array(batch * length);
  const injected = new Float32Array(batch * length * width);
  states.rows.forEach(({ positions: at, state }, row) => {
    at.forEach((position, index) => {
      const place = row * length + position - before;
      if (position < before || position >= before + length)
        throw new RangeError(`position ${position} is not run`);
      mask[place] = 1;
      injected.set(state.subarray(index * width, (index + 1) * width), place * width);
    });
  });
  return {
    mask: { type: 'bool', dims: [batch, length, 1], data: mask },
    injected: { type: 'float32', dims: [batch, length, width], data: injected },
  };
}

function headFeeds(block: number, heads: number, edits: DecoderEdits): Fed {
  const out = edits.heads?.filter((entry) => entry.block === block) ?? [];
  if (out.length === 0) return {};
  const gates = new Float32Array(heads).fill(1);
  for (const { head } of out) gates[head] = 0;
  return { gate: { type: 'float32', dims: [1, heads, 1, 1], data: gates } };
}

function edgeFeeds(block: number, before: number, length: number, edits: DecoderEdits): Fed {
  const cut = edits.edges?.filter(({ blocks }) => blocks.includes(block)) ?? [];
  if (cut.length === 0) return {};
  const total = before + length;
  const mask = new Uint8Array(length * total);
  for (const { from, to } of cut) {
    for (const query of to) {
      if (query < before || query >= total) continue;
      for (const key of from) if (key < query) mask[(query - before) * total + key] = 1;
    }
  }
  return {
    mask: { type: 'bool', dims: [1, 1, length, total], data: mask },
    injected: { type: 'float32', dims: [1, 1, 1, 1], data: Float32Array.of(CUT) },
  };
}

function ones(batch: number, length: number): Value {
  return { type: 'int64', dims: [batch, length], data: new BigInt64Array(batch * length).fill(1n) };
}

function positions(batch: number, from: number, length: number): Value {
  const data = BigInt64Array.from({ length: batch * length }, (_, i) => BigInt(from + (i % length)));
  return { type: 'int64', dims: [batch, length], data };
}
