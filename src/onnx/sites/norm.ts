/** Layer norms, as one operator or spelled out. */

import { readAttributes } from '../attributes.ts';
import type { NodeRecord } from '../model-index.ts';
import type { Scope } from './scope.ts';

export type Norm = {
  readonly kind: 'layer' | 'rms';
  readonly input: string;
  readonly output: string;
  /** Constants to be read with `readConstant`; null where the norm has none. */
  readonly scale: string | null;
  readonly bias: string | null;
  readonly epsilon: number;
  readonly node: string;
};

/** The norm whose last step writes a value, or null. */
export function normBefore(scope: Scope, value: string): Norm | null {
  const node = scope.producer(value);
  if (!node) return null;
  return operatorNorm(scope, node) ?? spelledNorm(scope, node) ?? kerasNorm(scope, node);
}

/** The norm that reads a value, copied or not. */
export function normAfter(scope: Scope, value: string): Norm | null {
  const open = [value];
  const seen = new Set<string>();
  for (let step = 0; step < MAX_NORM_VALUES && open.length > 0; step++) {
    const name = open.shift()!;
    for (const node of scope.consumers(name)) {
      const output = node.outputs[0];
      if (output === undefined || seen.has(output)) continue;
      seen.add(output);
      const copied = scope.plain(name) === scope.plain(value);
      const operator = copied && node.inputs[0] === name ? operatorNorm(scope, node) : null;
      if (operator) return operator;
      // Spelled out, of a dozen elementwise nodes: the last one of those that make a norm of this very value.
      const norm = longestNorm(scope, output, value);
      if (norm) return norm;
      if (NORM_PARTS.has(node.opType)) open.push(output);
    }
  }
  return null;
}

/** Nodes of a spelled-out norm, in the worst case of both its branches. */
const MAX_NORM_VALUES = 24;
const NORM_PARTS: ReadonlySet<string> = new Set([
  'Sub',
  'Pow',
  'Mul',
  'Div',
  'Cast',
  'ReduceMean',
  'Add',
  'Sqrt',
  'Reciprocal',
  'Identity',
]);

/** The norm of `source` that a value ends, taken with the scale and bias that follow it. */
function longestNorm(scope: Scope, value: string, source: string): Norm | null {
  const norm = normBefore(scope, value);
  if (!norm || scope.plain(norm.input) !== scope.plain(source)) return null;
  for (const opType of ['Mul', 'Add']) {
    const next = constantStep(scope, scope.plainReader(value), opType);
    const longer = next === null ? null : longestNorm(scope, next, source);
    if (longer) return longer;
  }
  return norm;
}

/** The input of a norm when a value is one's output, else the value itself. */
export function beforeNorm(scope: Scope, value: string): string {
  return normBefore(scope, value)?.input ?? value;
}

function constantStep(scope: Scope, value: string, opType: string): string | null {
  const readers = scope.consumers(value);
  const node = readers.length === 1 ? readers[0] : undefined;
  return node?.opType === opType && node.inputs.some((input) => scope.isConstant(input))
    ? node.outputs[0]!
    : null;
}

function operatorNorm(scope: Scope, node: NodeRecord): Norm | null {
  const rms = node.opType === 'SimplifiedLayerNormalization' || node.opType === 'RMSNormalization';
  if (!rms && node.opType !== 'LayerNormalization') return null;
  const [input = '', scale = '', bias = ''] = node.inputs;
  const epsilon = readAttributes(scope.model.bytes, node).get('epsilon')?.float ?? 1e-5;
  const kind = rms ? 'rms' : 'layer';
  return {
    kind,
    input,
    output: node.outputs[0]!,
    scale: scale || null,
    bias: bias || null,
    epsilon,
    node: node.name,
  };
}

/** (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + bias */
function spelledNorm(scope: Scope, last: NodeRecord): Norm | null {
  let node: NodeRecord | undefined = last;
  let bias: string | null = null;
  let scale: string | null = null;
  if (node.opType === 'Add') {
    bias = node.inputs.find((input) => scope.isConstant(input)) ?? null;
    if (bias === null) return null;
    node = scope.producer(scope.plain(node.inputs.find((input) => input !== bias) ?? ''));
  }
  if (node?.opType === 'Mul') {
    scale = node.inputs.find((input) => scope.isConstant(input)) ?? null;
    if (scale !== null)
      node = scope.producer(scope.plain(node.inputs.find((input) => input !== scale) ?? ''));
    else if (bias !== null) return null;
  }
  const divided = node && dividedByRoot(scope, node);
  if (!divided) return null;
  const centred = scope.plain(divided.value);
  const { root } = divided;
  const shifted = root?.opType === 'Sqrt' ? scope.producer(root.inputs[0]!) : undefined;
  if (shifted?.opType !== 'Add') return null;
  const epsilon = shifted.inputs.map((input) => scope.scalar(input)).find((number) => number !== null);
  const variance = shifted.inputs
    .map((input) => scope.producer(input))
    .find((n) => n?.opType === 'ReduceMean');
  const squared = variance && scope.producer(variance.inputs[0]!);
  if (epsilon == null || (squared?.opType !== 'Pow' && squared?.opType !== 'Mul')) return null;
  const base = scope.plain(squared.inputs[0]!);
  const difference = scope.producer(centred);
  const mean = difference?.opType === 'Sub' ? scope.producer(difference.inputs[1]!) : undefined;
  const output = last.outputs[0]!;
  const common = { output, scale, bias, epsilon, node: last.name };
  if (difference && mean?.opType === 'ReduceMean' && mean.inputs[0] === difference.inputs[0]) {
    return { kind: 'layer', input: difference.inputs[0]!, ...common };
  }
  return base === centred ? { kind: 'rms', input: centred, ...common } : null;
}

/** x / root, written as a quotient or as a product with 1 / root. */
function dividedByRoot(
  scope: Scope,
  node: NodeRecord,
): { readonly value: string; readonly root: NodeRecord | undefined } | null {
  if (node.opType === 'Div') return { value: node.inputs[0]!, root: scope.producer(node.inputs[1]!) };
  if (node.opType !== 'Mul') return null;
  for (const [index, input] of node.inputs.entries()) {
    const inverse = scope.producer(scope.plain(input));
    const value = node.inputs[1 - index]!;
    if (inverse?.opType === 'Reciprocal') return { value, root: scope.producer(inverse.inputs[0]!) };
    if (inverse?.opType === 'Div' && scope.scalar(inverse.inputs[0]!) === 1) {
      return { value, root: scope.producer(inverse.inputs[1]!) };
    }
  }
  return null;
}

/** x * g + (bias - mean * g) with g = scale / sqrt(variance + epsilon): the form of TensorFlow's batch normalisation. */
function kerasNorm(scope: Scope, last: NodeRecord): Norm | null {
  if (last.opType !== 'Add') return null;
  const [left, right] = last.inputs.map((input) => scope.producer(input));
  const [product, shift] = left?.opType === 'Mul' ? [left, right] : [right, left];
  const offset = shift?.opType === 'Sub' ? scope.producer(shift.inputs[1]!) : undefined;
  if (product?.opType !== 'Mul' || !shift || offset?.opType !== 'Mul') return null;
  const gain = product.inputs.find((input) => offset.inputs.includes(input));
  const input = product.inputs.find((value) => value !== gain);
  const mean = scope.producer(offset.inputs.find((value) => value !== gain) ?? '');
  const gained = scope.producer(gain ?? '');
  const bias = shift.inputs[0]!;
  if (input === undefined || gained?.opType !== 'Mul' || !scope.isConstant(bias)) return null;
  if (mean?.opType !== 'ReduceMean' || mean.inputs[0] !== input) return null;
  const scale = gained.inputs.find((value) => scope.isConstant(value));
  const inverse = scope.producer(gained.inputs.find((value) => value !== scale) ?? '');
  const root = inverse?.opType === 'Reciprocal' ? scope.producer(inverse.inputs[0]!) : undefined;
  const shifted = root?.opType === 'Sqrt' ? scope.producer(root.inputs[0]!) : undefined;
  const epsilon = shifted?.inputs.map((value) => scope.scalar(value)).find((number) => number !== null);
  if (shifted?.opType !== 'Add' || scale === undefined || epsilon == null) return null;
  return { kind: 'layer', input, output: last.outputs[0]!, scale, bias, epsilon, node: last.name };
}
