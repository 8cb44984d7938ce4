/** The element type of a value: from the file where it says, else carried along the operators that keep or state it. */

import { intAttribute, readAttributes } from './attributes.ts';
import * as element from './element.ts';
import { constantSource } from './initializer.ts';
import type { ModelIndex } from './model-index.ts';

/** Operators whose first output has a fixed element type. */
const FIXED: ReadonlyMap<string, number> = new Map([
  ['Shape', element.INT64],
  ['Size', element.INT64],
  ['NonZero', element.INT64],
  ['ArgMax', element.INT64],
  ['ArgMin', element.INT64],
  ['Equal', element.BOOL],
  ['Greater', element.BOOL],
  ['GreaterOrEqual', element.BOOL],
  ['Less', element.BOOL],
  ['LessOrEqual', element.BOOL],
  ['Not', element.BOOL],
  ['And', element.BOOL],
  ['Or', element.BOOL],
  ['IsNaN', element.BOOL],
  ['IsInf', element.BOOL],
]);

/** Operators whose output has the type of the given input; all others listed nowhere keep that of input 0. */
const SOURCE_INPUT: ReadonlyMap<string, number> = new Map([
  ['Where', 1],
  ['EmbedLayerNormalization', 2],
]);

/** Operators for which input 0 says nothing about the output. */
const UNKNOWN: ReadonlySet<string> = new Set([
  'OneHot',
  'DequantizeLinear',
  'QuantizeLinear',
  'DynamicQuantizeLinear',
  'ConvInteger',
  'MatMulInteger',
  'If',
  'Loop',
  'Scan',
  'SequenceAt',
  'RandomUniform',
  'RandomNormal',
  'EyeLike',
  'Bernoulli',
  'Multinomial',
  'QLinearConv',
  'QLinearMatMul',
  'StringNormalizer',
  'TfIdfVectorizer',
  'NonMaxSuppression',
  'Unique',
  'TopK',
  'CastLike',
]);

/** TensorProto.DataType of a value, or 0 when neither the file nor the operators before it say. */
export function elementTypeOf(model: ModelIndex, value: string): number {
  let name = value;
  // Each step moves to an input of the producer; a cyclic file stops at the node count.
  for (let step = 0; step <= model.nodes.length; step++) {
    const declared =
      model.valueInfo.get(name)?.elementType ??
      [...model.inputs, ...model.outputs].find((info) => info.name === name)?.elementType;
    if (declared) return declared;
    const source = constantSource(model, name);
    if (source) return source.casts.at(-1) ?? source.tensor.dataType;
    const node = model.producers.get(name);
    if (!node || UNKNOWN.has(node.opType)) return 0;
    // Second outputs are masks, statistics or indices, except where a tensor is only cut.
    if (node.outputs[0] !== name && node.opType !== 'Split') return 0;
    if (node.opType === 'Cast') return intAttribute(model.bytes, node, 'to', 0);
    if (node.opType === 'ConstantOfShape') {
      return readAttributes(model.bytes, node).get('value')?.tensor?.dataType ?? element.FLOAT;
    }
    const fixed = node.domain === '' ? FIXED.get(node.opType) : undefined;
    if (fixed) return fixed;
    name = node.inputs[SOURCE_INPUT.get(node.opType) ?? 0] ?? '';
  }
  return 0;
}
