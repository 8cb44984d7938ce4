/** Scaled dot-product attention in primitive nodes, as all fused operators compute it. */

import * as element from '../element.ts';
import type { Primitive } from './primitive.ts';

export type Core = {
  /** [batch, head, query, width] */
  readonly q: string;
  /** [batch, key head, key, width], earlier positions included. */
  readonly k: string;
  readonly v: string;
  readonly heads: number;
  readonly keyHeads: number;
  /** Null for 1 / sqrt(width). */
  readonly scale: number | null;
  /** Added to the scaled scores, broadcasting. */
  readonly added: readonly string[];
  /** Bool, true where a query may look, broadcasting. */
  readonly allowed: readonly string[];
  /** What scores become where it may not. */
  readonly filter: number;
  readonly softcap: number;
};

/** softmax(mask(scale * q k' + added)) v: [batch, head, query, width]. */
export function attend(graph: Primitive, core: Core): string {
  const k = repeatHeads(graph, core.k, core);
  const v = repeatHeads(graph, core.v, core);
  const turned = graph.node('Transpose', [k], { perm: { ints: [0, 1, 3, 2] } });
  const product = graph.node('MatMul', [core.q, turned]);
  let scores = graph.node('Mul', [product, scaleOf(graph, core)]);
  if (core.softcap > 0) {
    const cap = graph.number(core.softcap);
    scores = graph.node('Mul', [graph.node('Tanh', [graph.node('Div', [scores, cap])]), cap]);
  }
  for (const addend of core.added) scores = graph.node('Add', [scores, addend]);
  for (const allowed of core.allowed) {
    scores = graph.node('Where', [allowed, scores, graph.number(core.filter)]);
  }
  const pattern = graph.node('Softmax', [scores], { axis: { int: -1 } });
  return graph.node('MatMul', [pattern, v]);
}

function scaleOf(graph: Primitive, { scale, q }: Core): string {
  if (scale !== null) return graph.number(scale);
  const width = graph.like(graph.cast(graph.scalarOf(graph.size(q, 3)), element.FLOAT));
  return graph.node('Div', [graph.number(1), graph.node('Sqrt', [width])]);
}

/** Every key head serves heads / keyHeads neighbouring query heads. */
function repeatHeads(graph: Primitive, value: string, { heads, keyHeads }: Core): string {
  if (heads === keyHeads) return value;
  const shape = graph.node('Shape', [value]);
  const part = (start: number, end: number) => graph.slice(shape, 0, start, end);
  const open = graph.node('Reshape', [value, graph.concat([part(0, 2), graph.integers([1]), part(2, 4)], 0)]);
  const repeated = graph.node('Expand', [open, graph.integers([1, 1, heads / keyHeads, 1, 1])]);
  return graph.node('Reshape', [
    repeated,
    graph.concat([part(0, 1), graph.integers([heads]), part(2, 4)], 0),
  ]);
}

/** [query, key], true where the key is not later than the query; queries are the last of the keys. */
export function causal(graph: Primitive, q: string, k: string): string {
  const queries = graph.size(q, 2);
  const keys = graph.size(k, 2);
  const offset = graph.node('Sub', [keys, queries]);
  const at = graph.node('Add', [graph.range(queries), offset]);
  return graph.node('LessOrEqual', [graph.reshape(graph.range(keys), [1, -1]), graph.reshape(at, [-1, 1])]);
}

/** [batch, 1, 1, key], true for the first `lengths` keys of each row of the batch; int32 or int64 lengths. */
export function withinLengths(graph: Primitive, lengths: string, k: string): string {
  const counts = graph.reshape(graph.cast(lengths, element.INT64), [-1, 1, 1, 1]);
  return graph.node('Less', [graph.reshape(graph.range(graph.size(k, 2)), [1, 1, 1, -1]), counts]);
}

/** A mask of ones and zeros as booleans of four axes: [batch, key] or [batch, query, key]. */
export function maskOfRank(graph: Primitive, mask: string, rank: 2 | 3): string {
  const flags = graph.cast(mask, element.BOOL);
  if (rank === 2) {
    const shape = graph.node('Shape', [flags]);
    const sizes = [graph.slice(shape, 0, 0, 1), graph.integers([1, 1]), graph.slice(shape, 0, 1, 2)];
    return graph.node('Reshape', [flags, graph.concat(sizes, 0)]);
  }
  const shape = graph.node('Shape', [flags]);
  const sizes = [graph.slice(shape, 0, 0, 1), graph.integers([1]), graph.slice(shape, 0, 1, 3)];
  return graph.node('Reshape', [flags, graph.concat(sizes, 0)]);
}

/** Earlier positions before new ones, and the cache that the operator also returns. */
export function extend(graph: Primitive, past: string, value: string, present: string): string {
  if (past === '' && present === '') return value;
  if (past === '') return graph.node('Identity', [value], {}, present);
  return present === '' ? graph.concat([past, value], 2) : graph.concat([past, value], 2, present);
}
