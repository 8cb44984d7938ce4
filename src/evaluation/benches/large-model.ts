/** A transformer of a wanted size, generated: what is measured on it needs no download and no repository space. */

import { encodeSuffix, type NodeSpec, type TensorSpec } from '../../onnx/suffix.ts';
import { WireWriter } from '../../onnx/wire.ts';

const FLOAT = 1;
const INT64 = 7;
const OPSET = 20;

export interface LargeModelSize {
  readonly blocks: number;
  readonly width: number;
  readonly heads: number;
}

/** Bytes of a pre-norm transformer with 12 x width^2 float32 weights a block. Input `hidden` [batch, position, width]. */
export function largeModel({ blocks, width, heads }: LargeModelSize): Uint8Array {
  const nodes: NodeSpec[] = [];
  const initializers: TensorSpec[] = [];
  let count = 0;
  const node = (
    opType: string,
    inputs: readonly string[],
    attributes: NodeSpec['attributes'] = {},
  ): string => {
    const output = `v${count++}`;
    nodes.push({ opType, inputs, outputs: [output], attributes });
    return output;
  };
  const tensor = (dataType: number, dims: readonly number[], raw: Uint8Array): string => {
    const name = `w${count++}`;
    initializers.push({ name, dataType, dims, raw });
    return name;
  };
  // One buffer serves all layers of one size: the writer copies it.
  const shared = new Map<number, Uint8Array>();
  const weights = (...dims: number[]): string => {
    const size = dims.reduce((product, extent) => product * extent, 1);
    let raw = shared.get(size);
    if (!raw) {
      const values = Float32Array.from({ length: size }, (_, at) => Math.sin(at * 0.7) / Math.sqrt(width));
      raw = new Uint8Array(values.buffer);
      shared.set(size, raw);
    }
    return tensor(FLOAT, dims, raw);
  };
  const list = (...values: number[]) =>
    tensor(INT64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  const norm = (value: string) =>
    node('LayerNormalization', [value, weights(width), weights(width)], { axis: { int: -1 } });
  const split = (value: string, perm: readonly number[]) =>
    node('Transpose', [node('Reshape', [value, list(0, 0, heads, width / heads)])], { perm: { ints: perm } });
  let stream = 'hidden';
  for (let block = 0; block < blocks; block++) {
    const normed = norm(stream);
    const [q, k, v] = [0, 1, 2].map(() => node('MatMul', [normed, weights(width, width)])) as [
      string,
      string,
      string,
    ];
    const product = node('MatMul', [split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1])]);
    const scale = tensor(FLOAT, [], new Uint8Array(Float32Array.of(Math.sqrt(heads / width)).buffer));
    const pattern = node('Softmax', [node('Mul', [product, scale])], { axis: { int: -1 } });
    const z = node('Transpose', [node('MatMul', [pattern, split(v, [0, 2, 1, 3])])], {
      perm: { ints: [0, 2, 1, 3] },
    });
    const merged = node('Reshape', [z, list(0, 0, -1)]);
    const middle = node('Add', [stream, node('MatMul', [merged, weights(width, width)])]);
    const hidden = node('Gelu', [node('MatMul', [norm(middle), weights(width, 4 * width)])]);
    stream = node('Add', [middle, node('MatMul', [hidden, weights(4 * width, width)])]);
  }
  nodes.push({ opType: 'Identity', inputs: [stream], outputs: ['result'] });
  const value = (name: string) => ({ name, elementType: FLOAT, dims: ['batch', 'position', width] });
  const writer = new WireWriter();
  writer.varint(1, 9);
  writer.message(8, (opset) => opset.varint(2, OPSET));
  writer.raw(encodeSuffix({ inputs: [value('hidden')], outputs: [value('result')], nodes, initializers }));
  return writer.finish();
}
