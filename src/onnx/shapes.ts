/**
 * Shapes of all values, as far as structure gives them: exporters leave them out, and the layout of an attention (how many
 * heads, folded into the batch or not) cannot be told without. Unknown is a normal answer; a wrong one never is.
 */

import { type Attribute, readAttributes } from './attributes.ts';
import { broadcastShapes, divide, multiply } from './dimension.ts';
import { constantSource } from './initializer.ts';
import type { Dimension, ModelIndex, NodeRecord } from './model-index.ts';
import { topologicalOrder } from './order.ts';
import { constantValues, nodeValues, type ShapeValues } from './shape-values.ts';

export type Shape = readonly Dimension[];
export type Shapes = ReadonlyMap<string, Shape>;

/** What a rule sees of its node. */
type Rule = {
  readonly node: NodeRecord;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly shape: (index: number) => Shape | null;
  readonly values: (index: number) => ShapeValues | null;
};

/** Infers shapes for every value for which it can. Shapes stated in the file win where inference knows less. */
export function inferShapes(model: ModelIndex): Shapes {
  const shapes = new Map<string, Shape>();
  const known = new Map<string, ShapeValues | null>();
  for (const info of [...model.valueInfo.values(), ...model.outputs, ...model.inputs]) {
    if (info.dims) shapes.set(info.name, info.dims);
  }
  const shape = (value: string): Shape | null =>
    shapes.get(value) ?? constantSource(model, value)?.tensor.dims ?? null;
  const values = (value: string): ShapeValues | null => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const constant = value === '' ? null : constantValues(model, value);
    known.set(value, constant);
    return constant;
  };
  for (const node of topologicalOrder(model)) {
    const output = node.outputs[0];
    if (output === undefined) continue;
    known.set(output, nodeValues(model, node, values, shape) ?? constantValues(model, output));
    const inferred = outputShapes(model, node, shape, values);
    node.outputs.forEach((name, index) => {
      const better = inferred[index];
      if (better && name !== '') shapes.set(name, merge(better, shapes.get(name)));
    });
  }
  return shapes;
}

/** Position by position the more definite of two shapes of one value. */
function merge(inferred: Shape, stated: Shape | undefined): Shape {
  if (stated?.length !== inferred.length) return inferred;
  return inferred.map((size, index) => (typeof size === 'number' ? size : (stated[index] ?? size)));
}

function outputShapes(
  model: ModelIndex,
  node: NodeRecord,
  shape: (value: string) => Shape | null,
  values: (value: string) => ShapeValues | null,
): (Shape | null)[] {
  const rule: Rule = {
    node,
    attributes: readAttributes(model.bytes, node),
    shape: (index) => (node.inputs[index] ? shape(node.inputs[index]) : null),
    values: (index) => (node.inputs[index] ? values(node.inputs[index]) : null),
  };
  const first = rule.shape(0);
  switch (node.opType) {
    case 'Constant':
      return [rule.attributes.get('value')?.tensor?.dims ?? null];
    case 'Shape':
      return [first ? [first.length] : null];
    case 'ConstantOfShape':
      return [rule.values(0)];
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Pow':
    case 'Equal':
    case 'Less':
    case 'Greater':
    case 'And':
    case 'Or':
    case 'Max':
    case 'Min':
    case 'Where':
      return [broadcastAll(node.inputs.map((_, index) => rule.shape(index)))];
    case 'MatMul':
    case 'FusedMatMul':
      return [matMul(rule)];
    case 'Gemm':
      return [gemm(rule)];
    case 'Conv':
      return [convolution(rule)];
    case 'MaxPool':
    case 'AveragePool':
      return [first ? [first[0] ?? null, first[1] ?? null, ...first.slice(2).map(() => null)] : null];
    case 'GlobalAveragePool':
      return [first ? first.map((size, index) => (index < 2 ? size : 1)) : null];
    case 'Resize':
    case 'Upsample':
    case 'ConvTranspose':
      return [
        first
          ? first.map((size, index) => (index < 2 && node.opType !== 'ConvTranspose' ? size : null))
          : null,
      ];
    case 'Expand': {
      const target = rule.values(1);
      return [first && target ? broadcastShapes(first, target) : null];
    }
    case 'Reshape':
      return [reshape(first, rule.values(1), rule.attributes)];
    case 'Flatten':
      return [flatten(first, rule.attributes)];
    case 'Transpose': {
      const perm = rule.attributes.get('perm')?.ints;
      if (!first) return [null];
      return [perm ? perm.map((axis) => first[axis] ?? null) : [...first].reverse()];
    }
    case 'Concat':
      return [concat(rule)];
    case 'Split':
      return split(rule);
    case 'Slice':
      return [first ? sliceOf(first, rule) : null];
    case 'Gather':
      return [gather(rule)];
    case 'GatherElements':
      return [rule.shape(1)];
    case 'Squeeze':
      return [squeeze(first, rule)];
    case 'Unsqueeze':
      return [unsqueeze(first, rule)];
    case 'DepthToSpace': {
      const block = rule.attributes.get('blocksize')?.int ?? null;
      if (first?.length !== 4) return [null];
      const [batch = null, channels = null, height = null, width = null] = first;
      return [
        [
          batch,
          divide(channels, multiply([block, block])),
          multiply([height, block]),
          multiply([width, block]),
        ],
      ];
    }
    case 'MultiHeadAttention':
    case 'Attention':
      // Queries decide both the positions and, for unpacked inputs, the width.
      return [node.opType === 'MultiHeadAttention' && first?.length === 3 ? first : null];
    default:
      if (node.opType.startsWith('Reduce')) return [reduceShape(first, rule)];
      return [KEEPS_SHAPE.has(node.opType) ? first : null];
  }
}

const KEEPS_SHAPE: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Softmax',
  'LogSoftmax',
  'Sigmoid',
  'Tanh',
  'Relu',
  'Erf',
  'Exp',
  'Log',
  'Sqrt',
  'Neg',
  'Abs',
  'Cos',
  'Sin',
  'Clip',
  'Dropout',
  'LayerNormalization',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'BatchNormalization',
  'Gelu',
  'FastGelu',
  'BiasGelu',
  'QuickGelu',
  'LeakyRelu',
  'Elu',
  'HardSwish',
  'HardSigmoid',
  'Mish',
  'Not',
  'Reciprocal',
  'Trilu',
  'IsNaN',
  'ScatterElements',
  'ScatterND',
]);

function broadcastAll(shapes: readonly (Shape | null)[]): Shape | null {
  return shapes.reduce((left, right) => (left && right ? broadcastShapes(left, right) : null));
}

function matMul(rule: Rule): Shape | null {
  const left = rule.shape(0);
  const right = rule.shape(1);
  if (!left || !right || left.length < 2 || right.length < 2) return null;
  if (rule.node.opType === 'FusedMatMul') return null;
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  return [...batch, left.at(-2) ?? null, right.at(-1) ?? null];
}

function gemm(rule: Rule): Shape | null {
  const left = rule.shape(0);
  const right = rule.shape(1);
  if (left?.length !== 2 || right?.length !== 2) return null;
  const rows = left[rule.attributes.get('transA')?.int ? 1 : 0] ?? null;
  return [rows, right[rule.attributes.get('transB')?.int ? 0 : 1] ?? null];
}

function convolution(rule: Rule): Shape | null {
  const input = rule.shape(0);
  const weight = rule.shape(1);
  if (!input || !weight || input.length !== weight.length) return null;
  const rank = input.length - 2;
  const strides = rule.attributes.get('strides')?.ints ?? [];
  const pads = rule.attributes.get('pads')?.ints ?? [];
  const dilations = rule.attributes.get('dilations')?.ints ?? [];
  const automatic = (rule.attributes.get('auto_pad')?.text ?? 'NOTSET') !== 'NOTSET';
  const spatial = input.slice(2).map((size, axis): Dimension => {
    const kernel = weight[axis + 2];
    if (typeof kernel !== 'number' || automatic) return null;
    const stride = strides[axis] ?? 1;
    const pad = (pads[axis] ?? 0) + (pads[axis + rank] ?? 0);
    const reach = (dilations[axis] ?? 1) * (kernel - 1);
    if (stride === 1 && pad === reach) return size;
    return typeof size === 'number' ? Math.floor((size + pad - reach - 1) / stride) + 1 : null;
  });
  return [input[0] ?? null, weight[0] ?? null, ...spatial];
}

function reshape(
  input: Shape | null,
  target: ShapeValues | null,
  attributes: ReadonlyMap<string, Attribute>,
): Shape | null {
  if (!target) return null;
  const keepsZero = attributes.get('allowzero')?.int === 1;
  const sizes = target.map((size, axis) => (size === 0 && !keepsZero ? (input?.[axis] ?? null) : size));
  const open = sizes.indexOf(-1);
  if (open < 0) return sizes;
  const total = input ? multiply(input) : null;
  const rest = multiply(sizes.filter((_, axis) => axis !== open));
  return sizes.map((size, axis) => (axis === open ? divide(total, rest) : size));
}

function flatten(input: Shape | null, attributes: ReadonlyMap<string, Attribute>): Shape | null {
  if (!input) return null;
  const axis = attributes.get('axis')?.int ?? 1;
  const at = axis < 0 ? axis + input.length : axis;
  return [multiply(input.slice(0, at)), multiply(input.slice(at))];
}

function concat(rule: Rule): Shape | null {
  const shapes = rule.node.inputs.map((_, index) => rule.shape(index));
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const first = shapes[0];
  if (!first || shapes.some((shape) => shape?.length !== first.length)) return null;
  const at = axis < 0 ? axis + first.length : axis;
  return first.map((_, index) => {
    const sizes = shapes.map((shape) => shape?.[index] ?? null);
    if (index !== at) return sizes.find((size) => typeof size === 'number') ?? sizes[0] ?? null;
    return sizes.every((size) => typeof size === 'number') ? sizes.reduce((a, b) => a + b, 0) : null;
  });
}

function split(rule: Rule): (Shape | null)[] {
  const input = rule.shape(0);
  const count = rule.node.outputs.length;
  if (!input) return new Array<null>(count).fill(null);
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const at = axis < 0 ? axis + input.length : axis;
  const sizes = rule.values(1) ?? rule.attributes.get('split')?.ints ?? null;
  return rule.node.outputs.map((_, part) =>
    input.map((size, index) => (index !== at ? size : sizes ? (sizes[part] ?? null) : divide(size, count))),
  );
}

function sliceOf(input: Shape, rule: Rule): Shape | null {
  const starts = rule.values(1) ?? rule.attributes.get('starts')?.ints ?? null;
  const ends = rule.values(2) ?? rule.attributes.get('ends')?.ints ?? null;
  const hasAxes = rule.node.inputs[3] !== undefined || rule.attributes.has('axes');
  const axes =
    rule.values(3) ?? rule.attributes.get('axes')?.ints ?? (hasAxes ? null : input.map((_, axis) => axis));
  if (!axes) return input.map(() => null);
  const steps = rule.node.inputs[4] ? rule.values(4) : [];
  const sizes = [...input];
  axes.forEach((axis, index) => {
    if (typeof axis !== 'number') return;
    const at = axis < 0 ? axis + input.length : axis;
    sizes[at] = sliceSize(
      input[at] ?? null,
      starts?.[index] ?? null,
      ends?.[index] ?? null,
      steps && (steps[index] ?? 1),
    );
  });
  return sizes;
}

function sliceSize(size: Dimension, start: Dimension, end: Dimension, step: Dimension): Dimension {
  if (step !== 1) return null;
  if (start === 0 && (end === size || (typeof end === 'number' && end >= 2 ** 31 - 1))) return size;
  if (start === 0 && typeof end === 'string') return end;
  if (typeof size !== 'number' || typeof start !== 'number' || typeof end !== 'number') return null;
  const clamp = (position: number) => Math.max(0, Math.min(size, position < 0 ? position + size : position));
  return Math.max(0, clamp(end) - clamp(start));
}

function gather(rule: Rule): Shape | null {
  const data = rule.shape(0);
  const indices = rule.shape(1);
  if (!data || !indices) return null;
  const axis = rule.attributes.get('axis')?.int ?? 0;
  const at = axis < 0 ? axis + data.length : axis;
  return [...data.slice(0, at), ...indices, ...data.slice(at + 1)];
}

/** Axes as an attribute (old opsets) or as an input; undefined when they are given but not known. */
function axesOf(rule: Rule): readonly Dimension[] | null | undefined {
  const stated = rule.attributes.get('axes')?.ints;
  if (stated) return stated;
  return rule.node.inputs[1] ? (rule.values(1) ?? undefined) : null;
}

function squeeze(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || axes === undefined) return null;
  if (!axes) return input.includes(null) ? null : input.filter((size) => size !== 1);
  const gone = axes.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + input.length : axis));
  return input.filter((_, index) => !gone.includes(index));
}

function unsqueeze(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || !axes) return null;
  const rank = input.length + axes.length;
  const added = new Set(axes.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + rank : axis)));
  const rest = [...input];
  return Array.from({ length: rank }, (_, index) => (added.has(index) ? 1 : (rest.shift() ?? null)));
}

function reduceShape(input: Shape | null, rule: Rule): Shape | null {
  const axes = axesOf(rule);
  if (!input || axes === undefined) return null;
  const keep = (rule.attributes.get('keepdims')?.int ?? 1) === 1;
  const at = axes?.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + input.length : axis));
  const reduced = (index: number) => !at || at.includes(index);
  return keep
    ? input.map((size, index) => (reduced(index) ? 1 : size))
    : input.filter((_, index) => !reduced(index));
}
