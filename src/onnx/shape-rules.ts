/** The output shapes of operators, one rule each. */

import { readAttributes } from './attributes.ts';
import { broadcastShapes, divide, multiply } from './dimension.ts';
import type { ModelIndex, NodeRecord } from './model-index.ts';
import {
  concat,
  flatten,
  gather,
  type Rule,
  reduceShape,
  reshape,
  sliceOf,
  split,
  squeeze,
  unsqueeze,
} from './shape-rearrange.ts';
import type { ShapeValues } from './shape-values.ts';
import type { Dimension, Shape } from './value-info.ts';

/** The shapes of a node's outputs, null where they are not known. */
export function outputShapes(
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
    case 'Einsum':
      return [einsum(rule)];
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
    case 'GroupQueryAttention':
    case 'Attention':
      return [fusedAttention(rule, model)];
    case 'MatMulInteger':
    case 'DynamicQuantizeMatMul':
    case 'MatMulIntegerToFloat':
      return [matMul(rule)];
    case 'MatMulNBits': {
      const width = rule.attributes.get('N')?.int ?? null;
      return [first && [...first.slice(0, -1), width]];
    }
    case 'DynamicQuantizeLinear':
      return [first, [], []];
    case 'EmbedLayerNormalization': {
      const width = rule.shape(2)?.[1];
      return [first && width !== undefined ? [...first, width] : null, first?.slice(0, 1) ?? null];
    }
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
  'SkipSimplifiedLayerNormalization',
  'RMSNormalization',
  'RotaryEmbedding',
  'QuantizeLinear',
  'DequantizeLinear',
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

/** Every letter of the output has the size that it has in some operand. */
function einsum(rule: Rule): Shape | null {
  const equation = rule.attributes.get('equation')?.text?.replaceAll(/\s/g, '') ?? '';
  const [left, output] = equation.split('->');
  if (left === undefined || output === undefined || equation.includes('.')) return null;
  const sizes = new Map<string, Dimension>();
  left.split(',').forEach((term, index) => {
    [...term].forEach((letter, axis) => {
      const size = rule.shape(index)?.[axis] ?? null;
      if (typeof sizes.get(letter) !== 'number') sizes.set(letter, size);
    });
  });
  return [...output].map((letter) => sizes.get(letter) ?? null);
}

/** Queries decide the positions, values the width. Packed queries, keys and values are refused (null). */
function fusedAttention(rule: Rule, model: ModelIndex): Shape | null {
  const { node, attributes } = rule;
  const query = rule.shape(0);
  if (!query) return null;
  if (node.domain !== '' && node.opType === 'Attention') {
    const sizes = attributes.get('qkv_hidden_sizes')?.ints ?? [];
    const packed = model.initializers.get(node.inputs[1] ?? '')?.dims[1] ?? null;
    const width = sizes.length === 3 ? (sizes[2] ?? null) : divide(packed, 3);
    return [query[0] ?? null, query[1] ?? null, width];
  }
  if (node.opType === 'GroupQueryAttention') return node.inputs[1] ? query : null;
  if (node.domain === '' && query.length === 4) {
    return [...query.slice(0, 3), rule.shape(2)?.[3] ?? null];
  }
  const value = rule.shape(2);
  return query.length === 3 && value?.length === 3 ? [...query.slice(0, 2), value[2] ?? null] : null;
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
