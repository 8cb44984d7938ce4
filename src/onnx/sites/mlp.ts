/** The MLP of a transformer block: linear, activation (gated or not), linear, residual Add. */

import type { Activation } from './activation.ts';
import { type Linear, linearAfter, type Projection, traceProjection } from './linear.ts';
import { type ResidualAdd, residualAdd } from './residual.ts';
import type { Scope } from './scope.ts';

export type MlpMatch = {
  readonly activation: Activation;
  /** Set when the activation is multiplied by a second branch (GEGLU, SwiGLU). */
  readonly gated: boolean;
  /** The hidden layer as it enters the second linear layer: what a neuron's activation means. */
  readonly post: string;
  readonly input: Projection;
  readonly output: Linear;
  /** Null for an MLP that stands alone: a projector between two towers. */
  readonly residual: ResidualAdd | null;
};

/** The MLP around an activation function, or null when it is something else. */
export function matchMlp(scope: Scope, activation: Activation): MlpMatch | null {
  const gate = gateProduct(scope, activation);
  const post = gate ?? activation.output;
  const input = traceProjection(scope, activation.input);
  const output = linearAfter(scope, post);
  const residual = output && residualAdd(scope, output.output);
  if (!input.linear || !output) return null;
  return { activation, gated: gate !== null, post, input, output, residual };
}

/** activation(a) * b, where a and b are made from one input. */
function gateProduct(scope: Scope, activation: Activation): string | null {
  const readers = scope.consumers(activation.output);
  const node = readers.length === 1 ? readers[0] : undefined;
  if (node?.opType !== 'Mul') return null;
  const other = node.inputs[0] === activation.output ? node.inputs[1]! : node.inputs[0]!;
  if (scope.isConstant(other) || scope.isSingle(other)) return null;
  const a = traceProjection(scope, activation.input);
  const b = traceProjection(scope, other);
  return a.linear && b.linear && a.source === b.source ? node.outputs[0]! : null;
}
