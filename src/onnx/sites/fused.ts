/** Fused attention operators: recognised and named; their pattern is not a value of the graph until they are unfused. */

import type { NodeRecord } from '../model-index.ts';
import { type Linear, linearAfter, traceProjection } from './linear.ts';
import { type ResidualAdd, residualAdd } from './residual.ts';
import type { Scope } from './scope.ts';

const OPERATORS: ReadonlySet<string> = new Set([
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'DecoderMaskedMultiHeadAttention',
  'DecoderMaskedSelfAttention',
  'DecoderAttention',
  'LongformerAttention',
  'QAttention',
]);

export type FusedMatch = {
  readonly node: NodeRecord;
  readonly heads: number | null;
  /** Null when keys come from neither the queries' source nor another one that is known. */
  readonly cross: boolean | null;
  readonly causal: boolean | null;
  readonly output: Linear | null;
  readonly residual: ResidualAdd | null;
};

/** Every fused attention operator of a model in topological order. */
export function findFused(scope: Scope): readonly FusedMatch[] {
  return scope.order.filter(({ opType }) => OPERATORS.has(opType)).map((node) => matchFused(scope, node));
}

function matchFused(scope: Scope, node: NodeRecord): FusedMatch {
  const heads = scope.int(node, 'num_heads', scope.int(node, 'q_num_heads', 0));
  const output = linearAfter(scope, node.outputs[0]!);
  const unidirectional = scope.int(node, 'unidirectional', scope.int(node, 'is_causal', 0)) === 1;
  const masked = MASK_INPUTS.get(node.opType)?.some((index) => (node.inputs[index] ?? '') !== '') ?? true;
  return {
    node,
    heads: heads > 0 ? heads : null,
    cross: isCross(scope, node),
    causal: unidirectional ? true : masked ? null : false,
    output,
    residual: output && residualAdd(scope, output.output),
  };
}

/** Inputs that may hide positions; an operator that is not listed is taken to mask in a way that is not known. */
const MASK_INPUTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['Attention', [3, 5]],
  ['MultiHeadAttention', [4, 5]],
]);

function isCross(scope: Scope, node: NodeRecord): boolean | null {
  const [query = '', key = ''] = node.inputs;
  // com.microsoft.Attention and its kin take one hidden state and a packed weight.
  if (scope.isConstant(key)) return false;
  if (node.opType === 'GroupQueryAttention' || node.opType === 'DecoderMaskedSelfAttention' || key === '')
    return false;
  const q = traceProjection(scope, query);
  const k = traceProjection(scope, key);
  if (q.source === k.source) return false;
  const inputs = new Set(scope.model.inputs.map(({ name }) => name));
  return k.linear || inputs.has(k.source) ? true : null;
}
