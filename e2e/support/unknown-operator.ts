import { encodeSuffix } from '../../src/onnx/suffix.ts';
import { WireWriter } from '../../src/onnx/wire.ts';

const FLOAT = 1;
const CHANNELS = 4;

/** A small convolutional model whose last operator exists nowhere: pictures of 32 x 32 to four channels. */
export function unknownOperator(opType: string): Uint8Array {
  const raw = new Uint8Array(new Float32Array(CHANNELS * 3 * 9).fill(0.1).buffer);
  const writer = new WireWriter();
  writer.varint(1, 9);
  writer.message(8, (opset) => opset.varint(2, 17));
  writer.raw(
    encodeSuffix({
      inputs: [{ name: 'pixels', elementType: FLOAT, dims: [1, 3, 32, 32] }],
      outputs: [{ name: 'out', elementType: FLOAT, dims: [1, CHANNELS, 30, 30] }],
      nodes: [
        { opType: 'Conv', inputs: ['pixels', 'weight'], outputs: ['convolved'] },
        { opType: 'Relu', inputs: ['convolved'], outputs: ['active'] },
        { opType, inputs: ['active'], outputs: ['out'] },
      ],
      initializers: [{ name: 'weight', dataType: FLOAT, dims: [CHANNELS, 3, 3, 3], raw }],
    }),
  );
  return writer.finish();
}
