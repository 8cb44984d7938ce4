import type { Value } from '../jobs/runtime.ts';
import { fromHalves, toHalves } from '../tensor/float16.ts';

type Ort = typeof import('onnxruntime-web');
export type OrtTensor = import('onnxruntime-web').Tensor;

/** The tensor shares the value's data, except where the model wants another type (`wanted` is the input's own). */
export function toTensor(ort: Pick<Ort, 'Tensor'>, value: Value, wanted: string | undefined): OrtTensor {
  switch (value.type) {
    case 'float32':
      return wanted === 'float16'
        ? new ort.Tensor('float16', toHalves(value.data), value.dims)
        : new ort.Tensor('float32', value.data, value.dims);
    case 'int64':
      // Exporters differ in the types of token ids and training steps; the numbers are small in either.
      if (wanted === 'int32') return new ort.Tensor('int32', Int32Array.from(value.data, Number), value.dims);
      if (wanted === 'float32')
        return new ort.Tensor('float32', Float32Array.from(value.data, Number), value.dims);
      if (wanted === 'float16') {
        return new ort.Tensor('float16', toHalves(Float32Array.from(value.data, Number)), value.dims);
      }
      return new ort.Tensor('int64', value.data, value.dims);
    case 'int32':
      return new ort.Tensor('int32', value.data, value.dims);
    case 'uint16':
      return new ort.Tensor('uint16', value.data, value.dims);
    case 'bool':
      return new ort.Tensor('bool', value.data, value.dims);
  }
}

/** The value shares the tensor's data, which is the runtime's own copy, made for this run; halves become float32. */
export function toValue(name: string, result: OrtTensor | undefined): Value {
  if (!result) throw new Error(`no output ${name}`);
  const { dims, data } = result;
  switch (result.type) {
    case 'float32':
      if (data instanceof Float32Array) return { type: 'float32', dims, data };
      break;
    case 'int64':
      if (data instanceof BigInt64Array) return { type: 'int64', dims, data };
      break;
    case 'int32':
      if (data instanceof Int32Array) return { type: 'int32', dims, data };
      break;
    case 'uint16':
      if (data instanceof Uint16Array) return { type: 'uint16', dims, data };
      break;
    case 'bool':
      if (data instanceof Uint8Array) return { type: 'bool', dims, data };
      break;
    case 'float16':
      if (ArrayBuffer.isView(data)) {
        const halves = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
        return { type: 'float32', dims, data: fromHalves(halves) };
      }
      break;
  }
  throw new Error(`output ${name} is ${result.type}: cast it in the graph`);
}
