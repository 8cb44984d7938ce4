/** com.microsoft GroupQueryAttention: causal, with fewer key heads than query heads, a cache and rotary positions. */

import * as element from '../element.ts';
import { attend, causal, extend, withinLengths } from './core.ts';
import type { Primitive } from './primitive.ts';
import type { Settings } from './settings.ts';

/** Hidden positions have no weight at all. */
const HIDDEN = -3.4028234663852886e38;

/**
 * GroupQueryAttention(query, key, value, past_key, past_value, seqlens_k, total_length, cos, sin, position_ids, attention_bias)
 * -> (output, present_key, present_value). seqlens_k [batch] holds the number of keys of each row, less one; the cache is taken
 * to be full, as it is where past and present are different tensors.
 */
export function groupQueryAttention(graph: Primitive, settings: Settings): void {
  const heads = settings.heads('num_heads');
  const keyHeads = settings.heads('kv_num_heads');
  settings.require(settings.int('smooth_softmax', 0) <= 0 && settings.input(11) === '', 'attention sinks');
  settings.require(settings.output(3) === '', 'its scores are an output');
  settings.require(settings.int('k_quant_type', 0) === 0, 'a quantized cache');
  const parts = projections(graph, settings, heads, keyHeads);
  let q = graph.splitHeads(parts.q, heads);
  let newK = graph.splitHeads(parts.k, keyHeads);
  const newV = graph.splitHeads(parts.v, keyHeads);
  const lengths = settings.input(5);
  settings.require(lengths !== '', 'seqlens_k is left out');
  if (settings.int('do_rotary', 0) === 1) {
    const rotation = rotationAt(graph, settings, positions(graph, settings, q, lengths));
    q = rotate(graph, settings, q, rotation);
    newK = rotate(graph, settings, newK, rotation);
  }
  const k = extend(graph, settings.input(3), newK, settings.output(1));
  const v = extend(graph, settings.input(4), newV, settings.output(2));
  const counts = graph.node('Add', [graph.cast(lengths, element.INT64), graph.integers([1])]);
  const z = attend(graph, {
    q,
    k,
    v,
    heads,
    keyHeads,
    scale: settings.scale(),
    added: settings.input(10) === '' ? [] : [settings.input(10)],
    allowed: [
      withinLengths(graph, counts, k),
      causal(graph, q, k),
      ...nearEnough(graph, settings.int('local_window_size', -1), q, k),
    ],
    filter: HIDDEN,
    softcap: settings.float('softcap', 0),
  });
  graph.mergeHeads(z, settings.output(0));
}

/** Queries, keys and values, unpacked where they come as one. */
function projections(graph: Primitive, settings: Settings, heads: number, keyHeads: number) {
  const [query, key, value] = [0, 1, 2].map((index) => settings.input(index)) as [string, string, string];
  if (key !== '' && value !== '') return { q: query, k: key, v: value };
  const width = settings.width(query, 'packed input') / (heads + 2 * keyHeads);
  settings.require(Number.isInteger(width), 'a packed input that does not fit its heads');
  const ends = [heads * width, (heads + keyHeads) * width, (heads + 2 * keyHeads) * width] as const;
  return {
    q: graph.slice(query, 2, 0, ends[0]),
    k: graph.slice(query, 2, ends[0], ends[1]),
    v: graph.slice(query, 2, ends[1], ends[2]),
  };
}

/** [batch, position]: the place of each query among all keys of its row. */
function positions(graph: Primitive, settings: Settings, q: string, lengths: string): string {
  const stated = settings.input(9);
  if (stated !== '') return stated;
  const count = graph.size(q, 2);
  const total = graph.node('Add', [graph.cast(lengths, element.INT64), graph.integers([1])]);
  // A prompt that is shorter than its padded length starts at 0 all the same.
  const first = graph.node('Max', [graph.node('Sub', [total, count]), graph.integers([0])]);
  return graph.node('Add', [graph.reshape(first, [-1, 1]), graph.reshape(graph.range(count), [1, -1])]);
}

type Rotation = { readonly cos: string; readonly sin: string; readonly width: number };

/** Cosines and sines [batch, 1, position, half the rotated width]. */
function rotationAt(graph: Primitive, settings: Settings, at: string): Rotation {
  const [cos, sin] = [settings.input(7), settings.input(8)];
  settings.require(cos !== '' && sin !== '', 'do_rotary without tables');
  const width = settings.width(cos, 'cosines');
  const pick = (table: string) => {
    const rows = graph.node('Gather', [table, at], { axis: { int: 0 } });
    const shape = graph.node('Shape', [rows]);
    const sizes = [graph.slice(shape, 0, 0, 1), graph.integers([1]), graph.slice(shape, 0, 1, 3)];
    return graph.node('Reshape', [rows, graph.concat(sizes, 0)]);
  };
  return { cos: pick(cos), sin: pick(sin), width };
}

/** Pairs (a, b) become (a cos - b sin, b cos + a sin); pairs are halves of the head, or neighbours when interleaved. */
function rotate(graph: Primitive, settings: Settings, value: string, { cos, sin, width }: Rotation): string {
  const end = 2 * width;
  const interleaved = settings.int('rotary_interleaved', 0) === 1;
  const strided = (start: number) =>
    graph.node('Slice', [
      value,
      graph.integers([start]),
      graph.integers([end]),
      graph.integers([3]),
      graph.integers([2]),
    ]);
  const a = interleaved ? strided(0) : graph.slice(value, 3, 0, width);
  const b = interleaved ? strided(1) : graph.slice(value, 3, width, end);
  const mul = (left: string, right: string) => graph.node('Mul', [left, right]);
  const turnedA = graph.node('Sub', [mul(a, cos), mul(b, sin)]);
  const turnedB = graph.node('Add', [mul(b, cos), mul(a, sin)]);
  // What lies past the rotated part keeps its place; for most models it is empty.
  const rest = graph.slice(value, 3, end, Number.MAX_SAFE_INTEGER);
  if (!interleaved) return graph.concat([turnedA, turnedB, rest], 3);
  const paired = [turnedA, turnedB].map((part) => {
    const shape = graph.concat([graph.node('Shape', [part]), graph.integers([1])], 0);
    return graph.node('Reshape', [part, shape]);
  });
  const woven = graph.reshape(graph.concat(paired, 4), [0, 0, 0, end]);
  return graph.concat([woven, rest], 3);
}

/** [query, key], true for the last `window` keys up to the query; nothing for an open window. */
function nearEnough(graph: Primitive, window: number, q: string, k: string): readonly string[] {
  if (window <= 0) return [];
  const keys = graph.size(k, 2);
  const offset = graph.node('Sub', [keys, graph.size(q, 2)]);
  const at = graph.node('Add', [graph.range(graph.size(q, 2)), offset]);
  const first = graph.node('Sub', [at, graph.integers([window])]);
  return [graph.node('Greater', [graph.reshape(graph.range(keys), [1, -1]), graph.reshape(first, [-1, 1])])];
}
