/** Activation functions, as one operator or in the forms that exporters spell them out in. */

import type { NodeRecord } from '../model-index.ts';
import type { Scope } from './scope.ts';

export type ActivationKind = 'relu' | 'gelu' | 'gelu-tanh' | 'quick-gelu' | 'silu' | 'other';

export type Activation = {
  readonly kind: ActivationKind;
  readonly input: string;
  readonly output: string;
  /** The node that writes the output. */
  readonly node: NodeRecord;
};

const OPERATORS: ReadonlyMap<string, ActivationKind> = new Map([
  ['Relu', 'relu'],
  ['Gelu', 'gelu'],
  ['FastGelu', 'gelu-tanh'],
  ['QuickGelu', 'quick-gelu'],
  ['BiasGelu', 'gelu'],
  ['Swish', 'silu'],
  ['HardSwish', 'other'],
  ['Mish', 'other'],
  ['LeakyRelu', 'other'],
  ['Elu', 'other'],
  ['PRelu', 'other'],
]);

/** QuickGELU's slope. */
const QUICK_SLOPE = 1.702;

/** All activation functions of a model in topological order. */
export function findActivations(scope: Scope): readonly Activation[] {
  return scope.order.flatMap((node) => matchActivation(scope, node) ?? []);
}

function matchActivation(scope: Scope, node: NodeRecord): Activation | null {
  const kind = OPERATORS.get(node.opType);
  if (kind) return { kind, input: node.inputs[0]!, output: node.outputs[0]!, node };
  if (node.opType === 'Sigmoid') return sigmoidGate(scope, node);
  if (node.opType === 'Erf' || node.opType === 'Tanh') return spelledGelu(scope, node);
  return null;
}

/** x * sigmoid(x) or x * sigmoid(1.702 x) */
function sigmoidGate(scope: Scope, sigmoid: NodeRecord): Activation | null {
  const inner = scope.plain(sigmoid.inputs[0]!);
  const scaled = scope.producer(inner);
  const slope = scaled?.opType === 'Mul' ? scaled.inputs.map((value) => scope.scalar(value)) : [];
  for (const { node } of scope.readers(sigmoid.outputs[0]!)) {
    if (node.opType !== 'Mul') continue;
    const output = node.outputs[0]!;
    const factors = node.inputs.map((value) => scope.plain(value));
    if (factors.includes(inner)) return { kind: 'silu', input: inner, output, node };
    const input = scaled?.inputs.find(
      (value, index) => slope[index] === null && factors.includes(scope.plain(value)),
    );
    const factor = slope.find((number) => number !== null);
    if (input !== undefined && factor != null && Math.abs(factor - QUICK_SLOPE) < 1e-2) {
      return { kind: 'quick-gelu', input, output, node };
    }
  }
  return null;
}

/** 0.5 x (1 + erf(x / sqrt 2)) or the tanh form, the three factors multiplied in any order. */
function spelledGelu(scope: Scope, squash: NodeRecord): Activation | null {
  const plusOne = scope
    .readers(squash.outputs[0]!)
    .find(({ node }) => node.opType === 'Add' && node.inputs.some((value) => isNear(scope, value, 1)));
  if (!plusOne) return null;
  let value = plusOne.node.outputs[0]!;
  let input: string | null = null;
  let halved = false;
  for (;;) {
    const next = scope.readers(value).find(({ node }) => node.opType === 'Mul');
    if (!next) break;
    const { node, as } = next;
    const factor = node.inputs[0] === as ? node.inputs[1]! : node.inputs[0]!;
    if (isNear(scope, factor, 0.5) && !halved) halved = true;
    else if (input === null && !scope.isWeight(factor)) {
      const half = halfOf(scope, factor);
      if (half !== null && reaches(scope, squash.inputs[0]!, half)) {
        input = half;
        halved = true;
      } else if (reaches(scope, squash.inputs[0]!, factor)) input = factor;
      else break;
    } else break;
    value = node.outputs[0]!;
    if (input !== null && halved) {
      return { kind: squash.opType === 'Erf' ? 'gelu' : 'gelu-tanh', input, output: value, node };
    }
  }
  return null;
}

/** A constant number, stored as it is or in eight bits. */
function isNear(scope: Scope, value: string, number: number): boolean {
  const stored = scope.dequantizedScalar(value) ?? scope.scalar(scope.plain(value));
  return stored !== null && Math.abs(stored - number) < 0.01;
}

/** x when a value is 0.5 * x. */
function halfOf(scope: Scope, value: string): string | null {
  const node = scope.producer(scope.plain(value));
  if (node?.opType !== 'Mul') return null;
  const index = node.inputs.findIndex((input) => isNear(scope, input, 0.5));
  return index < 0 ? null : (node.inputs[1 - index] ?? null);
}

/** Whether `from` is a short polynomial of `target`. */
function reaches(scope: Scope, from: string, target: string): boolean {
  const open = [from];
  const root = scope.plain(target);
  for (let step = 0; step < 24 && open.length > 0; step++) {
    const value = scope.plain(open.shift()!);
    if (value === root) return true;
    const node = scope.producer(value);
    if (node && POLYNOMIAL.has(node.opType)) open.push(...scope.dataInputs(node));
  }
  return false;
}

const POLYNOMIAL: ReadonlySet<string> = new Set(['Mul', 'Div', 'Add', 'Pow', 'Cast']);
