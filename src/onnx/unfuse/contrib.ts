/** com.microsoft Attention and MultiHeadAttention. */

import { attend, causal, extend, maskOfRank, withinLengths } from './core.ts';
import type { Primitive } from './primitive.ts';
import type { Settings } from './settings.ts';

/** What onnxruntime adds to masked scores unless told otherwise. */
const MASK_FILTER = -10_000;

/** Attention(input, weights, bias, mask, past, attention_bias) -> (output, present); weights pack query, key and value. */
export function packedAttention(graph: Primitive, settings: Settings): void {
  const heads = settings.heads('num_heads');
  settings.require(settings.int('do_rotary', 0) === 0, 'do_rotary');
  settings.require(settings.int('past_present_share_buffer', 0) === 0, 'past_present_share_buffer');
  settings.require(settings.input(6) === '', 'past_sequence_length');
  const [input, weights, bias] = [0, 1, 2].map((index) => settings.input(index)) as [string, string, string];
  const sizes = packedSizes(settings, weights);
  const product = graph.node('MatMul', [input, weights]);
  const packed = bias === '' ? product : graph.node('Add', [product, bias]);
  let start = 0;
  const [q = '', newK = '', newV = ''] = sizes.map((size) => {
    const part = graph.slice(packed, 2, start, start + size);
    start += size;
    return graph.splitHeads(part, heads);
  });
  const [k, v] = packedCache(graph, settings, newK, newV);
  const z = attend(graph, {
    q,
    k,
    v,
    heads,
    keyHeads: heads,
    scale: settings.scale(),
    added: settings.input(5) === '' ? [] : [settings.input(5)],
    allowed: [
      ...keyMask(graph, settings, settings.input(3), k),
      ...(settings.int('unidirectional', 0) === 1 ? [causal(graph, q, k)] : []),
    ],
    filter: settings.float('mask_filter_value', MASK_FILTER),
    softcap: 0,
  });
  graph.mergeHeads(z, settings.output(0));
}

function packedSizes(settings: Settings, weights: string): readonly number[] {
  const stated = settings.ints('qkv_hidden_sizes');
  if (stated.length === 3) return stated;
  const width = settings.width(weights, 'weights');
  settings.require(width % 3 === 0, 'weights that do not pack three equal parts');
  return [width / 3, width / 3, width / 3];
}

/** past and present hold keys and values in one tensor: [2, batch, head, position, width]. */
function packedCache(graph: Primitive, settings: Settings, k: string, v: string): [string, string] {
  const past = settings.input(4);
  const present = settings.output(1);
  const earlier = (index: number) =>
    past === '' ? '' : graph.node('Gather', [past, graph.integer(index)], { axis: { int: 0 } });
  const keys = extend(graph, earlier(0), k, '');
  const values = extend(graph, earlier(1), v, '');
  if (present !== '') {
    const shape = graph.node('Shape', [keys]);
    const target = graph.concat([graph.integers([1]), shape], 0);
    graph.concat(
      [keys, values].map((value) => graph.node('Reshape', [value, target])),
      0,
      present,
    );
  }
  return [keys, values];
}

/** A key padding mask: lengths [batch], or ones and zeros [batch, key] or [batch, query, key]. */
function keyMask(graph: Primitive, settings: Settings, mask: string, k: string): readonly string[] {
  if (mask === '') return [];
  const rank = settings.rank(mask);
  if (rank === 2 || rank === 3) return [maskOfRank(graph, mask, rank)];
  settings.require(rank === 1, rank === null ? 'a mask of unknown shape' : `a mask with ${rank} axes`);
  const [batch] = settings.shape(settings.input(0)) ?? [];
  const [count] = settings.shape(mask) ?? [];
  // Twice as many numbers are ends and starts: told apart by the batch alone.
  settings.require(count != null && count === batch, 'a mask of one axis that is not known to be lengths');
  return [withinLengths(graph, mask, k)];
}

/**
 * MultiHeadAttention(query, key, value, bias, key_padding_mask, attention_bias, past_key, past_value) -> (output, present_key,
 * present_value, scores). Keys and values may come with heads as an axis (a cross attention's cache); packed forms are refused.
 */
export function multiHeadAttention(graph: Primitive, settings: Settings): void {
  const heads = settings.heads('num_heads');
  const [query, key, value, bias, padding, addend, pastKey, pastValue] = Array.from(
    { length: 8 },
    (_, index) => settings.input(index),
  ) as [string, string, string, string, string, string, string, string];
  settings.require(settings.input(8) === '' && settings.input(9) === '', 'a shared cache buffer');
  settings.require(settings.output(3) === '', 'its scores are an output');
  settings.require(key !== '' && value !== '', 'packed queries, keys and values');
  settings.require(settings.rank(query) === 3, 'queries that are not [batch, position, width]');
  const withHeads = settings.rank(key) === 4;
  settings.require(withHeads || settings.rank(key) === 3, 'packed or unknown keys');
  const parts = biasParts(graph, settings, query, bias);
  const project = (input: string, part: string | null) =>
    graph.splitHeads(part === null ? input : graph.node('Add', [input, part]), heads);
  const q = project(query, parts[0]);
  // Keys with heads lie in a cache, where their bias is already in.
  const newK = withHeads ? key : project(key, parts[1]);
  const newV = withHeads ? value : project(value, parts[2]);
  const k = extend(graph, pastKey, newK, settings.output(1));
  const v = extend(graph, pastValue, newV, settings.output(2));
  const z = attend(graph, {
    q,
    k,
    v,
    heads,
    keyHeads: heads,
    scale: settings.scale(),
    added: addend === '' ? [] : [addend],
    allowed: [
      ...keyMask(graph, settings, padding, k),
      ...(settings.int('unidirectional', 0) === 1 ? [causal(graph, q, k)] : []),
    ],
    filter: settings.float('mask_filter_value', MASK_FILTER),
    softcap: 0,
  });
  graph.mergeHeads(z, settings.output(0));
}

/** The packed bias of queries, keys and values, cut into three. */
function biasParts(
  graph: Primitive,
  settings: Settings,
  query: string,
  bias: string,
): readonly [string | null, string | null, string | null] {
  if (bias === '') return [null, null, null];
  const total = settings.width(bias, 'bias');
  const width = settings.width(query, 'queries');
  return [
    graph.slice(bias, 0, 0, width),
    graph.slice(bias, 0, width, 2 * width),
    graph.slice(bias, 0, 2 * width, total),
  ];
}
