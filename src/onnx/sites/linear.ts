/** Linear layers in the spellings of exporters: MatMul + Add, Gemm, a convolution, slices of a packed projection. */

import type { NodeRecord } from '../model-index.ts';
import { PASSES, REARRANGES, type Scope } from './scope.ts';

/** output = input x weight + bias, read with `readConstant`. */
export type Linear = {
  /** The constant value that holds the matrix. */
  readonly weight: string;
  /** `in-out`: rows are inputs (MatMul); `out-in`: rows are outputs (Gemm with transB, convolutions). */
  readonly layout: 'in-out' | 'out-in';
  readonly bias: string | null;
  /** The slice of output features that is used, for packed projections; null for all. */
  readonly columns: { readonly start: number; readonly end: number } | null;
  /** What enters. */
  readonly input: string;
  /** What leaves, bias included. */
  readonly output: string;
  readonly node: string;
};

/** What a value is a linear function of; `linear` is null where no projection was found and `source` is then the root. */
export type Projection = { readonly linear: Linear | null; readonly source: string };

const MAX_STEPS = 48;

type Trace = {
  readonly bias: string | null;
  readonly columns: Linear['columns'];
  readonly output: string | null;
  readonly steps: number;
};

/**
 * Follows a value back to the linear layer that made it, through scales, reshapes, splits, caches and rotations. The value
 * is that layer's output only up to these: queries, for one, are usually scaled on the way.
 */
export function traceProjection(scope: Scope, value: string): Projection {
  return trace(scope, value, { bias: null, columns: null, output: null, steps: 0 });
}

function trace(scope: Scope, value: string, state: Trace): Projection {
  const node = scope.producer(value);
  const stop: Projection = { linear: null, source: value };
  if (!node || state.steps >= MAX_STEPS) return stop;
  const next = { ...state, steps: state.steps + 1 };
  const linear = matchLinear(scope, node, state);
  if (linear) return { linear, source: stripRearranging(scope, linear.input) };
  const { opType } = node;
  if (PASSES.has(opType) || REARRANGES.has(opType) || NORMS.has(opType) || opType === 'Expand') {
    return trace(scope, node.inputs[0]!, next);
  }
  if (opType === 'Split' || opType === 'Slice' || opType === 'Gather') {
    return trace(scope, node.inputs[0]!, {
      ...next,
      columns: slicedColumns(scope, node, value) ?? state.columns,
    });
  }
  if (opType === 'Add') {
    const bias = node.inputs.find((input) => scope.isConstant(input));
    if (bias !== undefined) {
      if (!isBias(scope, bias)) return stop;
      return trace(scope, other(node, bias), {
        ...next,
        bias: state.bias ?? bias,
        output: state.output ?? value,
      });
    }
  }
  if (['Add', 'Mul', 'Div', 'Concat', 'Sub', 'Neg'].includes(opType)) {
    // Scales, caches, rotary positions: the operand that a linear layer made; wider operands first.
    const operands = scope.dataInputs(node).filter((input) => !scope.isSingle(input));
    for (const input of operands) {
      const found = trace(scope, input, next);
      if (found.linear) return found;
    }
    if (operands.length === 1) return trace(scope, operands[0]!, next);
  }
  return stop;
}

const NORMS: ReadonlySet<string> = new Set([
  'LayerNormalization',
  'SimplifiedLayerNormalization',
  'LpNormalization',
]);

function matchLinear(scope: Scope, node: NodeRecord, state: Trace): Linear | null {
  const [input = '', weight = '', third = ''] = node.inputs;
  const output = node.outputs[0]!;
  const common = { columns: state.columns, node: node.name, output: state.output ?? output };
  if (node.opType === 'MatMul') {
    if (scope.isConstant(weight) && !scope.isConstant(input)) {
      return { ...common, weight, layout: 'in-out', bias: state.bias, input };
    }
    return null;
  }
  if (!scope.isConstant(weight) || scope.isConstant(input)) return null;
  if (node.opType === 'Gemm') {
    const transposed = scope.int(node, 'transB', 0) === 1;
    const bias = third === '' ? state.bias : third;
    return { ...common, weight, layout: transposed ? 'out-in' : 'in-out', bias, input };
  }
  if (node.opType === 'Conv') return { ...common, weight, layout: 'out-in', bias: third || null, input };
  return null;
}

function other(node: NodeRecord, input: string): string {
  return node.inputs[0] === input ? (node.inputs[1] ?? '') : (node.inputs[0] ?? '');
}

/** The feature range that a Split of the last axis takes; null when it is no such split. */
function slicedColumns(scope: Scope, node: NodeRecord, value: string): Linear['columns'] {
  if (node.opType !== 'Split') return null;
  const shapes = node.outputs.map((output) => scope.shape(output));
  const rank = scope.shape(node.inputs[0] ?? '')?.length;
  const axis = scope.int(node, 'axis', 0);
  if (rank !== undefined && axis !== -1 && axis !== rank - 1) return null;
  let start = 0;
  for (const [index, output] of node.outputs.entries()) {
    const size = shapes[index]?.at(-1);
    if (typeof size !== 'number') return null;
    if (output === value) return { start, end: start + size };
    start += size;
  }
  return null;
}

/** The value itself, seen through operators that only rearrange or copy. */
export function stripRearranging(scope: Scope, value: string): string {
  let name = value;
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = scope.producer(name);
    if (!node || !(PASSES.has(node.opType) || REARRANGES.has(node.opType))) return name;
    name = node.inputs[0]!;
  }
  return name;
}

/** The linear layer that reads a value, through rearrangement; null when none or more than one does. */
export function linearAfter(scope: Scope, value: string): Linear | null {
  const found: Linear[] = [];
  const open = [value];
  for (let step = 0; step < MAX_STEPS && open.length > 0; step++) {
    const name = open.shift()!;
    for (const node of scope.consumers(name)) {
      if (PASSES.has(node.opType) || REARRANGES.has(node.opType)) {
        if (node.inputs[0] === name) open.push(node.outputs[0]!);
        continue;
      }
      const linear =
        node.inputs[0] === name &&
        matchLinear(scope, node, { bias: null, columns: null, output: null, steps: 0 });
      if (linear) found.push(linear.bias === null ? withBias(scope, linear) : linear);
    }
  }
  return found.length === 1 ? found[0]! : null;
}

/** Joins the Add of a bias that alone reads the product, rearranged or not. */
function withBias(scope: Scope, linear: Linear): Linear {
  let name = linear.output;
  for (let step = 0; step < MAX_STEPS; step++) {
    const readers = scope.consumers(name).filter(({ opType }) => opType !== 'Shape');
    const node = readers[0];
    if (!node || readers.length !== 1) return linear;
    if (node.opType === 'Add') {
      const bias = other(node, name);
      return isBias(scope, bias) ? { ...linear, bias, output: node.outputs[0]! } : linear;
    }
    if (!REARRANGES.has(node.opType) || node.inputs[0] !== name) return linear;
    name = node.outputs[0]!;
  }
  return linear;
}

/** One constant a feature; a constant a position is something else. */
function isBias(scope: Scope, value: string): boolean {
  return (
    scope.isConstant(value) &&
    (scope
      .shape(value)
      ?.slice(0, -1)
      .every((size) => size === 1) ??
      false)
  );
}

/** The Add of two activations that joins a branch to the residual stream. */
export type ResidualAdd = { readonly stream: string; readonly sum: string; readonly node: NodeRecord };

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
      if (!scope.isConstant(stream)) return { stream, sum: output, node };
      name = output;
    } else if (node.opType === 'Mul' && scope.isConstant(other(node, name))) {
      name = output;
    } else if ((PASSES.has(node.opType) || REARRANGES.has(node.opType)) && node.inputs[0] === name) {
      name = output;
    } else return null;
  }
  return null;
}
