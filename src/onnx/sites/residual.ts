/** The residual stream: the sums that join branches to it, and one name for a state however it is copied or normed. */

import type { NodeRecord } from '../model-index.ts';
import { other } from './linear.ts';
import { beforeNorm } from './norm.ts';
import { PASSES, REARRANGES, type Scope } from './scope.ts';

/** The Add of two activations that joins a branch to the residual stream. */
export type ResidualAdd = { readonly stream: string; readonly sum: string; readonly node: NodeRecord };

const MAX_STEPS = 48;

/** The residual Add that reads a branch's output, through rearrangement and constant scales. */
export function residualAdd(scope: Scope, value: string): ResidualAdd | null {
  let name = value;
  for (let step = 0; step < MAX_STEPS; step++) {
    const readers = scope.consumers(name).filter(({ opType }) => opType !== 'Shape');
    if (readers.length !== 1) return null;
    const node = readers[0]!;
    const output = node.outputs[0]!;
    if (node.opType === 'Add') {
      const stream = other(node, name);
      if (!scope.isWeight(stream)) return { stream, sum: output, node };
      name = output;
    } else if (scalesByConstant(scope, node, name)) {
      name = output;
    } else if ((PASSES.has(node.opType) || REARRANGES.has(node.opType)) && node.inputs[0] === name) {
      name = output;
    } else return null;
  }
  return null;
}

function scalesByConstant(scope: Scope, node: NodeRecord, value: string): boolean {
  if (node.opType === 'Mul') return scope.isWeight(other(node, value));
  return node.opType === 'Div' && node.inputs[0] === value && scope.isWeight(node.inputs[1] ?? '');
}

/**
 * The sum behind a state of the stream: before its norm (post-norm models read that), before copies, and before a cut along
 * the positions (a Q-Former's queries among its text). Equal for two values that are one state.
 */
export function streamRoot(scope: Scope, value: string): string {
  const root = stripCuts(scope, value);
  return stripCuts(scope, beforeNorm(scope, root));
}

/** A state as the stream carries it: norms kept, copies and cuts along the positions not. */
export function stripCuts(scope: Scope, value: string): string {
  let name = scope.plain(value);
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = scope.producer(name);
    if (node?.opType !== 'Slice') return name;
    const rank = scope.shape(node.inputs[0] ?? '')?.length ?? 3;
    const axes = scope.integers(node.inputs[3] ?? '') ?? scope.ints(node, 'axes');
    if (!axes || axes.length === 0 || axes.some((axis) => axis === -1 || axis === rank - 1)) return name;
    name = scope.plain(node.inputs[0]!);
  }
  return name;
}
