import type { Value } from '../jobs/runtime.ts';

type Ort = typeof import('onnxruntime-web');
export type OrtTensor = import('onnxruntime-web').Tensor;

/** The tensor shares the value's data. */
export function toTensor(ort: Pick<Ort, 'Tensor'>, value: Value): OrtTensor {
  switch (value.type) {
    case 'float32':
      return new ort.Tensor('float32', value.data, value.dims);
    case 'int64':
      return new ort.Tensor('int64', value.data, value.dims);
    case 'int32':
      return new ort.Tensor('int32', value.data, value.dims);
    case 'bool':
      return new ort.Tensor('bool', value.data, value.dims);
  }
}

/** The value shares the tensor's data, which is the runtime's own copy, made for this run. */
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
    case 'bool':
      if (data instanceof Uint8Array) return { type: 'bool', dims, data };
      break;
  }
  throw new Error(`output ${name} is ${result.type}: cast it in the graph`);
}
