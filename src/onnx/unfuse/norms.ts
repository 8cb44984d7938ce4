/** SkipLayerNormalization and its RMS form: the sum of a branch and the stream, then the norm of it. */

import { readAttributes } from '../attributes.ts';
import type { ModelIndex, NodeRecord } from '../model-index.ts';
import { NotUnfusable, type Primitive } from './primitive.ts';

/** Inputs: branch, stream, scale, then (layer norm only) offset, then a bias of the branch. Outputs: norm, -, -, sum. */
export function skipNorm(graph: Primitive, model: ModelIndex, node: NodeRecord): void {
  const rms = node.opType === 'SkipSimplifiedLayerNormalization';
  const [branch = '', stream = '', scale = ''] = node.inputs;
  const offset = rms ? '' : (node.inputs[3] ?? '');
  const bias = node.inputs[rms ? 3 : 4] ?? '';
  const [output = '', mean = '', deviation = '', stated = ''] = node.outputs;
  if (mean !== '' || deviation !== '') throw new NotUnfusable('its statistics are outputs');
  const biased = bias === '' ? branch : graph.node('Add', [branch, bias]);
  const sum =
    stated === '' ? graph.node('Add', [biased, stream]) : graph.node('Add', [biased, stream], {}, stated);
  const epsilon = { float: readAttributes(model.bytes, node).get('epsilon')?.float ?? 1e-12 };
  if (rms) graph.node('SimplifiedLayerNormalization', [sum, scale], { epsilon, axis: { int: -1 } }, output);
  else {
    const inputs = offset === '' ? [sum, scale] : [sum, scale, offset];
    graph.node('LayerNormalization', inputs, { epsilon, axis: { int: -1 } }, output);
  }
}
