/** Linear layers in the spellings of exporters: MatMul + Add, Gemm, a convolution, a quantized product, slices of a packed projection. */

import type { NodeRecord } from '../model-index.ts';
import { PASSES, REARRANGES, type Scope } from './scope.ts';

/** output = input x weight + bias, read with `readConstant`. */
export type Linear = {
  /** The value that holds the matrix: a constant, or (quantized, packed) one that is computed from constants. */
  readonly weight: string;
  /** `in-out`: rows are inputs (MatMul); `out-in`: rows are outputs (Gemm with transB, convolutions, MatMulNBits). */
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
/** Values looked at in one trace: operands of sums and products branch. */
const MAX_VISITS = 256;

type Trace = {
  readonly bias: string | null;
  readonly columns: Linear['columns'];
  readonly output: string | null;
  readonly steps: number;
  /** Shared by all branches of one trace. */
  readonly seen: Set<string>;
};

/**
 * Follows a value back to the linear layer that made it, through scales, reshapes, splits, caches and rotations. The value
 * is that layer's output only up to these: queries, for one, are usually scaled on the way.
 */
export function traceProjection(scope: Scope, value: string): Projection {
  return trace(scope, value, { bias: null, columns: null, output: null, steps: 0, seen: new Set() });
}

function trace(scope: Scope, value: string, state: Trace): Projection {
  const node = scope.producer(value);
  const stop: Projection = { linear: null, source: value };
  if (!node || state.steps >= MAX_STEPS || state.seen.has(value) || state.seen.size >= MAX_VISITS)
    return stop;
  state.seen.add(value);
  const next = { ...state, steps: state.steps + 1 };
  const linear = matchLinear(scope, node, state);
  if (linear) return { linear, source: stripRearranging(scope, linear.input) };
  const { opType } = node;
  if (PASSES.has(opType) || REARRANGES.has(opType) || NORMS.has(opType) || opType === 'Expand') {
    return trace(scope, node.inputs[0]!, next);
  }
  if (opType === 'Tile') return trace(scope, node.inputs[0]!, next);
  if (opType === 'Split' || opType === 'Slice' || opType === 'Gather') {
    return trace(scope, node.inputs[0]!, {
      ...next,
      columns: slicedColumns(scope, node, value) ?? state.columns,
    });
  }
  if (opType === 'Add') {
    const bias = node.inputs.find((input) => scope.isWeight(input));
    if (bias !== undefined) {
      if (!isBias(scope, bias)) return stop;
      return trace(scope, other(node, bias), {
        ...next,
        bias: state.bias ?? bias,
        output: state.output ?? value,
      });
    }
  }
  if (['Add', 'Mul', 'Div', 'Concat', 'Sub', 'Neg', 'Where'].includes(opType)) {
    // Scales, caches, rotary positions: the operand that a linear layer made; wider operands first.
    const operands = scope
      .dataInputs(node)
      .filter((input, index) => !scope.isSingle(input) && !(opType === 'Where' && index === 0));
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
  'RMSNormalization',
  'LpNormalization',
  'RotaryEmbedding',
]);

/** The operators whose first input is multiplied by a constant second one, and where their bias is. */
const PRODUCTS: ReadonlyMap<string, { readonly layout: Linear['layout']; readonly bias: number | null }> =
  new Map([
    ['MatMul', { layout: 'in-out', bias: null }],
    ['Conv', { layout: 'out-in', bias: 2 }],
    ['MatMulNBits', { layout: 'out-in', bias: 5 }],
    ['DynamicQuantizeMatMul', { layout: 'in-out', bias: 4 }],
    ['MatMulIntegerToFloat', { layout: 'in-out', bias: 6 }],
    ['MatMulInteger', { layout: 'in-out', bias: null }],
    ['QLinearMatMul', { layout: 'in-out', bias: null }],
  ]);
/** Operators whose second input is their first one's scale: the weight comes later. */
const WEIGHT_AT: ReadonlyMap<string, number> = new Map([['QLinearMatMul', 3]]);

function matchLinear(scope: Scope, node: NodeRecord, state: Trace): Linear | null {
  const [input = ''] = node.inputs;
  const weight = node.inputs[WEIGHT_AT.get(node.opType) ?? 1] ?? '';
  const common = { columns: state.columns, node: node.name, output: state.output ?? node.outputs[0]! };
  if (node.opType === 'Gemm' || node.opType === 'FusedGemm') {
    if (!scope.isWeight(weight) || scope.isWeight(input)) return null;
    const transposed = scope.int(node, 'transB', 0) === 1;
    const bias = node.inputs[2] || state.bias;
    return { ...common, weight, layout: transposed ? 'out-in' : 'in-out', bias, input };
  }
  if (node.opType === 'Einsum') return einsumLinear(scope, node, state);
  const product = PRODUCTS.get(node.opType);
  if (!product || !scope.isWeight(weight) || scope.isWeight(input)) return null;
  const bias = (product.bias === null ? '' : (node.inputs[product.bias] ?? '')) || state.bias;
  const quantizer = scope.producer(input);
  return {
    ...common,
    weight,
    layout: product.layout,
    bias,
    // What is rounded to eight bits for an integer product is the activation itself.
    input: quantizer?.opType === 'DynamicQuantizeLinear' ? quantizer.inputs[0]! : input,
  };
}

/** Einsum of an activation and a weight that sums over the activation's last axis, as `bsd,dh->bsh`. */
function einsumLinear(scope: Scope, node: NodeRecord, state: Trace): Linear | null {
  const [first = '', second = ''] = node.inputs;
  const at = scope.isWeight(second) && !scope.isWeight(first) ? 0 : 1;
  const [input, weight] = at === 0 ? [first, second] : [second, first];
  if (node.inputs.length !== 2 || scope.isWeight(input) || !scope.isWeight(weight)) return null;
  const terms = einsumTerms(scope, node);
  const data = terms?.inputs[at];
  const matrix = terms?.inputs[1 - at];
  if (!terms || !data || !matrix) return null;
  const summed = [...data].filter((letter) => !terms.output.includes(letter));
  if (!summed.every((letter) => matrix.includes(letter)) || summed.length === 0) return null;
  const inOut = matrix.startsWith(summed.join(''));
  return {
    columns: state.columns,
    node: node.name,
    output: state.output ?? node.outputs[0]!,
    weight,
    layout: inOut ? 'in-out' : 'out-in',
    bias: state.bias,
    input,
  };
}

/** The subscripts of an Einsum, blanks removed, or null when it has none that can be read. */
export function einsumTerms(
  scope: Scope,
  node: NodeRecord,
): { readonly inputs: readonly string[]; readonly output: string } | null {
  const equation = scope.text(node, 'equation')?.replaceAll(/\s/g, '');
  const [left, output] = equation?.split('->') ?? [];
  if (left === undefined || output === undefined) return null;
  return { inputs: left.split(','), output };
}

export function other(node: NodeRecord, input: string): string {
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
      const passes = PASSES.has(node.opType) || REARRANGES.has(node.opType);
      if (passes || node.opType === 'DynamicQuantizeLinear') {
        if (node.inputs[0] === name && node.outputs[0] !== undefined) open.push(node.outputs[0]);
        continue;
      }
      const reads = node.inputs[0] === name || (node.opType === 'Einsum' && node.inputs[1] === name);
      const linear =
        reads &&
        matchLinear(scope, node, { bias: null, columns: null, output: null, steps: 0, seen: new Set() });
      if (linear) found.push(linear.bias === null ? withBias(scope, linear) : linear);
    }
  }
  return found.length === 1 ? found[0]! : null;
}

/** Joins the rescaling of an integer product, and the Add of a bias that alone reads the product, rearranged or not. */
function withBias(scope: Scope, linear: Linear): Linear {
  let name = linear.output;
  let output = linear.output;
  for (let step = 0; step < MAX_STEPS; step++) {
    const readers = scope.consumers(name).filter(({ opType }) => opType !== 'Shape');
    const node = readers[0];
    if (!node || readers.length !== 1) break;
    if (node.opType === 'Add') {
      const bias = other(node, name);
      return isBias(scope, bias) ? { ...linear, bias, output: node.outputs[0]! } : { ...linear, output };
    }
    const rescales = node.opType === 'Mul' && isScale(scope, other(node, name));
    const casts = PASSES.has(node.opType);
    if (!(REARRANGES.has(node.opType) || rescales || casts) || node.inputs[0] !== name) break;
    name = node.outputs[0]!;
    // Rearranged outputs stay what they are; an integer product is no activation before it is rescaled.
    if (rescales) output = name;
  }
  return { ...linear, output };
}

/** A scale made at run time for an integer product: of one element, or one an output feature. */
function isScale(scope: Scope, value: string): boolean {
  const node = scope.producer(value);
  if (node?.opType !== 'Mul') return false;
  return node.inputs.some((input) => scope.producer(input)?.opType === 'DynamicQuantizeLinear');
}

/** One constant a feature; a constant a position is something else. */
function isBias(scope: Scope, value: string): boolean {
  return (
    scope.isWeight(value) &&
    (scope
      .shape(value)
      ?.slice(0, -1)
      .every((size) => size === 1) ??
      false)
  );
}
