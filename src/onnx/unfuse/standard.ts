/** ai.onnx Attention (opset 23 and 24). */

import * as element from '../element.ts';
import type { ModelIndex } from '../model-index.ts';
import { elementTypeOf } from '../value-type.ts';
import { attend, causal, extend, withinLengths } from './core.ts';
import type { Primitive } from './primitive.ts';
import type { Settings } from './settings.ts';

const HIDDEN = -3.4028234663852886e38;

/** Attention(Q, K, V, attn_mask, past_key, past_value, nonpad_kv_seqlen) -> (Y, present_key, present_value, scores). */
export function standardAttention(graph: Primitive, settings: Settings, model: ModelIndex): void {
  const [query, key, value, mask, pastKey, pastValue, lengths] = Array.from({ length: 7 }, (_, index) =>
    settings.input(index),
  ) as [string, string, string, string, string, string, string];
  settings.require(settings.output(3) === '', 'its scores are an output');
  settings.require(settings.float('softcap', 0) === 0, 'softcap');
  const folded = settings.rank(query) === 3;
  settings.require(folded || settings.rank(query) === 4, 'queries of unknown shape');
  const heads = folded ? settings.heads('q_num_heads') : headsOf(settings, query);
  const keyHeads = folded ? settings.heads('kv_num_heads') : headsOf(settings, key);
  const split = (input: string, count: number) => (folded ? graph.splitHeads(input, count) : input);
  const q = split(query, heads);
  const k = extend(graph, pastKey, split(key, keyHeads), settings.output(1));
  const v = extend(graph, pastValue, split(value, keyHeads), settings.output(2));
  const bool = mask !== '' && elementTypeOf(model, mask) === element.BOOL;
  settings.require(mask === '' || bool || elementTypeOf(model, mask) !== 0, 'a mask of unknown type');
  const z = attend(graph, {
    q,
    k,
    v,
    heads,
    keyHeads,
    scale: settings.scale(),
    added: mask === '' || bool ? [] : [mask],
    allowed: [
      ...(bool ? [mask] : []),
      ...(settings.int('is_causal', 0) === 1 ? [causalFromStart(graph, q, k, pastKey)] : []),
      ...(lengths === '' ? [] : [withinLengths(graph, lengths, k)]),
    ],
    filter: HIDDEN,
    softcap: 0,
  });
  if (folded) graph.mergeHeads(z, settings.output(0));
  else graph.node('Identity', [z], {}, settings.output(0));
}

/** With a cache queries are the last positions; without one both sides start at 0, however many keys there are. */
function causalFromStart(graph: Primitive, q: string, k: string, past: string): string {
  if (past !== '') return causal(graph, q, k);
  const at = (value: string) => graph.range(graph.size(value, 2));
  return graph.node('LessOrEqual', [graph.reshape(at(k), [1, -1]), graph.reshape(at(q), [-1, 1])]);
}

function headsOf(settings: Settings, value: string): number {
  const heads = settings.shape(value)?.[1];
  settings.require(typeof heads === 'number', 'an unknown number of heads');
  return Number(heads);
}
