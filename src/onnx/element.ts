/** Element types of ONNX tensors (TensorProto.DataType), with the names that onnxruntime's JavaScript API uses. */

export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const UINT16 = 4;
export const INT16 = 5;
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const BOOL = 9;
export const FLOAT16 = 10;
export const DOUBLE = 11;
export const UINT32 = 12;
export const UINT64 = 13;

const BYTES: ReadonlyMap<number, number> = new Map([
  [FLOAT, 4],
  [UINT8, 1],
  [INT8, 1],
  [UINT16, 2],
  [INT16, 2],
  [INT32, 4],
  [INT64, 8],
  [BOOL, 1],
  [FLOAT16, 2],
  [DOUBLE, 8],
  [UINT32, 4],
  [UINT64, 8],
]);

/** Bytes of one element in `raw_data`, or undefined for types without a whole number of them. */
export function elementBytes(type: number): number | undefined {
  return BYTES.get(type);
}
