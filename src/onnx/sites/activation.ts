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
  const inner = sigmoid.inputs[0]!;
  const scaled = scope.producer(inner);
  const slope = scaled?.opType === 'Mul' ? scaled.inputs.map((value) => scope.scalar(value)) : [];
  for (const node of scope.consumers(sigmoid.outputs[0]!)) {
    if (node.opType !== 'Mul') continue;
    const output = node.outputs[0]!;
    if (node.inputs.includes(inner)) return { kind: 'silu', input: inner, output, node };
    const input = scaled?.inputs.find((value, index) => slope[index] === null && node.inputs.includes(value));
    const factor = slope.find((number) => number !== null);
    if (input !== undefined && factor != null && Math.abs(factor - QUICK_SLOPE) < 1e-3) {
      return { kind: 'quick-gelu', input, output, node };
    }
  }
  return null;
}

/** 0.5 x (1 + erf(x / sqrt 2)) or the tanh form, the three factors multiplied in any order. */
function spelledGelu(scope: Scope, squash: NodeRecord): Activation | null {
  const plusOne = scope
    .consumers(squash.outputs[0]!)
    .find((node) => node.opType === 'Add' && node.inputs.some((value) => scope.scalar(value) === 1));
  if (!plusOne) return null;
  let value = plusOne.outputs[0]!;
  let input: string | null = null;
  let halved = false;
  for (;;) {
    const node = scope.consumers(value).find(({ opType }) => opType === 'Mul');
    if (!node) break;
    const factor = node.inputs[0] === value ? node.inputs[1]! : node.inputs[0]!;
    const number = scope.scalar(factor);
    if (number !== null && Math.abs(number - 0.5) < 1e-6 && !halved) halved = true;
    else if (number === null && input === null && !scope.isConstant(factor)) {
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

/** x when a value is 0.5 * x. */
function halfOf(scope: Scope, value: string): string | null {
  const node = scope.producer(value);
  if (node?.opType !== 'Mul') return null;
  const index = node.inputs.findIndex((input) => scope.scalar(input) === 0.5);
  return index < 0 ? null : (node.inputs[1 - index] ?? null);
}

/** Whether `from` is a short polynomial of `target`. */
function reaches(scope: Scope, from: string, target: string): boolean {
  const open = [from];
  for (let step = 0; step < 24 && open.length > 0; step++) {
    const value = open.shift()!;
    if (value === target) return true;
    const node = scope.producer(value);
    if (node && POLYNOMIAL.has(node.opType)) open.push(...scope.dataInputs(node));
  }
  return false;
}

const POLYNOMIAL: ReadonlySet<string> = new Set(['Mul', 'Div', 'Add', 'Pow', 'Cast']);
