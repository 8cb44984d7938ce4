/** Layer norms, as one operator or spelled out. */

import { readAttributes } from '../attributes.ts';
import type { NodeRecord } from '../model-index.ts';
import { PASSES, type Scope } from './scope.ts';

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
  return (
    operatorNorm(scope, node) ??
    spelledNorm(scope, node) ??
    reciprocalNorm(scope, node) ??
    kerasNorm(scope, node)
  );
}

/** The norm that reads a value, for finding a tower's last one. */
export function normAfter(scope: Scope, value: string): Norm | null {
  for (const node of scope.consumers(value)) {
    const operator = node.inputs[0] === value ? operatorNorm(scope, node) : null;
    if (operator) return operator;
    if (PASSES.has(node.opType)) {
      // Half-precision models widen the stream first.
      const beyond = normAfter(scope, node.outputs[0]!);
      if (beyond?.kind === 'rms' && beyond.input === skipPasses(scope, value)) return beyond;
    }
    if (node.opType === 'Mul') {
      const scaled = constantStep(scope, passedOn(scope, node.outputs[0]!), 'Mul');
      const norm = normBefore(scope, scaled ?? node.outputs[0]!);
      if (norm?.kind === 'rms' && norm.input === skipPasses(scope, value)) return norm;
    }
    if (node.opType !== 'Sub' || node.inputs[0] !== value) continue;
    // Spelled out: Sub -> Div -> Mul -> Add, of which the last one present is the output.
    const divided = scope.consumers(node.outputs[0]!).find(({ opType }) => opType === 'Div');
    if (!divided) continue;
    const scaled = constantStep(scope, divided.outputs[0]!, 'Mul');
    const output = scaled ? (constantStep(scope, scaled, 'Add') ?? scaled) : divided.outputs[0]!;
    const norm = normBefore(scope, output);
    if (norm?.input === value) return norm;
  }
  return null;
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

/** The end of a chain of casts and copies that alone reads a value. */
function passedOn(scope: Scope, value: string): string {
  const readers = scope.consumers(value);
  const node = readers.length === 1 ? readers[0] : undefined;
  return node && PASSES.has(node.opType) ? passedOn(scope, node.outputs[0]!) : value;
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
    node = scope.producer(node.inputs.find((input) => input !== bias) ?? '');
  }
  if (node?.opType === 'Mul') {
    scale = node.inputs.find((input) => scope.isConstant(input)) ?? null;
    if (scale === null) return null;
    node = scope.producer(node.inputs.find((input) => input !== scale) ?? '');
  }
  if (node?.opType !== 'Div') return null;
  const centred = skipPasses(scope, node.inputs[0]!);
  const root = scope.producer(node.inputs[1]!);
  const shifted = root?.opType === 'Sqrt' ? scope.producer(root.inputs[0]!) : undefined;
  if (shifted?.opType !== 'Add') return null;
  const epsilon = shifted.inputs.map((input) => scope.scalar(input)).find((number) => number !== null);
  const variance = shifted.inputs
    .map((input) => scope.producer(input))
    .find((n) => n?.opType === 'ReduceMean');
  const squared = variance && scope.producer(variance.inputs[0]!);
  if (epsilon == null || (squared?.opType !== 'Pow' && squared?.opType !== 'Mul')) return null;
  const base = skipPasses(scope, squared.inputs[0]!);
  const difference = scope.producer(centred);
  const mean = difference?.opType === 'Sub' ? scope.producer(difference.inputs[1]!) : undefined;
  const output = last.outputs[0]!;
  const common = { output, scale, bias, epsilon, node: last.name };
  if (difference && mean?.opType === 'ReduceMean' && mean.inputs[0] === difference.inputs[0]) {
    return { kind: 'layer', input: difference.inputs[0]!, ...common };
  }
  return base === centred ? { kind: 'rms', input: centred, ...common } : null;
}

/** x * (1 / sqrt(mean(x^2) + epsilon)) * scale: how exporters write the reciprocal square root of RMS norms. */
function reciprocalNorm(scope: Scope, last: NodeRecord): Norm | null {
  if (last.opType !== 'Mul') return null;
  const scale = last.inputs.find((input) => scope.isConstant(input)) ?? null;
  const inner = last.inputs.find((input) => input !== scale) ?? '';
  const node = scale === null ? last : scope.producer(skipPasses(scope, inner));
  if (node?.opType !== 'Mul') return null;
  for (const [x, factor] of [node.inputs, [...node.inputs].reverse()]) {
    const inverse = scope.producer(factor ?? '');
    const divides = inverse?.opType === 'Div' && scope.scalar(inverse.inputs[0]!) === 1;
    if (!inverse || !(divides || inverse.opType === 'Reciprocal')) continue;
    const root = scope.producer(inverse.inputs[divides ? 1 : 0]!);
    const shifted = root?.opType === 'Sqrt' ? scope.producer(root.inputs[0]!) : undefined;
    if (shifted?.opType !== 'Add') continue;
    const epsilon = shifted.inputs.map((input) => scope.scalar(input)).find((number) => number !== null);
    const mean = shifted.inputs.map((input) => scope.producer(input)).find((n) => n?.opType === 'ReduceMean');
    const squared = mean && scope.producer(mean.inputs[0]!);
    if (epsilon == null || (squared?.opType !== 'Pow' && squared?.opType !== 'Mul')) continue;
    const input = skipPasses(scope, x!);
    if (skipPasses(scope, squared.inputs[0]!) !== input) continue;
    return { kind: 'rms', input, output: last.outputs[0]!, scale, bias: null, epsilon, node: last.name };
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

function skipPasses(scope: Scope, value: string): string {
  const node = scope.producer(value);
  return node && PASSES.has(node.opType) ? skipPasses(scope, node.inputs[0]!) : value;
}
