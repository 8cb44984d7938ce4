/** The residual stream: the sums that join branches to it, and one name for a state however it is copied or normed. */

import type { NodeRecord } from '../model-index.ts';
import { other, stripRearranging } from './linear.ts';
import { beforeNorm } from './norm.ts';
import { PASSES, REARRANGES, type Scope } from './scope.ts';

/** The Add of two activations that joins a branch to the residual stream. */
export type ResidualAdd = { readonly stream: string; readonly sum: string; readonly node: NodeRecord };

const MAX_STEPS = 48;

/** The residual Add that reads a branch's output, through rearrangement, constant scales, and a cut to what was padded for windows. */
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
    } else if (node.inputs[0] === name && BESIDE_BRANCHES.has(node.opType)) {
      name = output;
    } else return null;
  }
  return null;
}

const BESIDE_BRANCHES: ReadonlySet<string> = new Set([...PASSES, ...REARRANGES, 'Slice']);

function scalesByConstant(scope: Scope, node: NodeRecord, value: string): boolean {
  if (node.opType === 'Mul') return scope.isWeight(other(node, value));
  return node.opType === 'Div' && node.inputs[0] === value && scope.isWeight(node.inputs[1] ?? '');
}

/**
 * The sum behind a state of the stream: before its norm (post-norm models read that), before copies, and before a cut along
 * the positions (a Q-Former's queries among its text), and before what only tells places apart. Equal for two values that are one state.
 */
export function streamRoot(scope: Scope, value: string): string {
  let root = stripCuts(scope, beforeNorm(scope, stripCuts(scope, value)));
  for (let step = 0; step < MAX_STEPS; step++) {
    const before = beforeLocalMixing(scope, root);
    if (before === null) return root;
    root = stripCuts(scope, before);
  }
  return root;
}

/** The state x of x + convolution of x over the map that x is: how some towers tell positions (DaViT). Null for anything else. */
function beforeLocalMixing(scope: Scope, value: string): string | null {
  const node = scope.producer(stripRearranging(scope, value));
  if (node?.opType !== 'Add') return null;
  for (const [branch = '', stream = ''] of [node.inputs, [...node.inputs].reverse()]) {
    const convolution = scope.producer(scope.plain(branch));
    if (convolution?.opType !== 'Conv') continue;
    if (scope.plain(convolution.inputs[0]!) === scope.plain(stream)) return stripRearranging(scope, stream);
  }
  return null;
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
