/** The matrix of a located linear layer. */

import type { Linear } from '../onnx/sites/linear.ts';
import { VitrineError } from '../protocol/errors.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type ModelGraph, readWeight } from './graph.ts';

/** As applied from the right, [input, output]. Throws `model-corrupt` for anything but a plain matrix. */
export function readLinear(
  graph: ModelGraph,
  bytes: Uint8Array,
  { weight, layout, columns }: Linear,
): Tensor<readonly ['width', 'embedding']> {
  const { dims, data } = readWeight(graph, bytes, weight);
  const [first, second] = dims;
  if (dims.length !== 2 || !first || !second || columns) {
    throw new VitrineError('model-corrupt', `${graph.location}: ${weight} is no plain matrix`, {
      file: graph.location,
    });
  }
  if (layout === 'in-out') return tensor(['width', 'embedding'], [first, second], data);
  const turned = new Float32Array(data.length);
  for (let row = 0; row < first; row++) {
    for (let column = 0; column < second; column++)
      turned[column * first + row] = data[row * second + column]!;
  }
  return tensor(['width', 'embedding'], [second, first], turned);
}
