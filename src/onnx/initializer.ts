/** The values of constants: initializers and Constant nodes, seen through Identity and Cast. */

import { fromHalves, halfToNumber, toHalves } from '../tensor/float16.ts';
import { readAttributes } from './attributes.ts';
import * as element from './element.ts';
import type { ModelIndex } from './model-index.ts';
import type { TensorRecord } from './tensor-record.ts';
import { FIXED32, OnnxError, VARINT, WireReader } from './wire.ts';

export type ConstantData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Uint8Array;

/** Values in row-major order; `data.length` is the product of `dims`. Float16 and float32 are Float32Array, 64-bit integers
 * BigInt64Array or BigUint64Array, bool and uint8 Uint8Array, uint32 Uint32Array, other
 * integers Int32Array, float64 Float64Array. */
export type Constant = { readonly dims: readonly number[]; readonly data: ConstantData };

/** The bytes of another file that holds weights, or undefined when the caller does not have them. */
export type ExternalFiles = (location: string) => Uint8Array | undefined;

const NO_FILES: ExternalFiles = () => undefined;
/** Identity and Cast chains are short; a longer one is a cycle. */
const MAX_CHAIN = 32;

/**
 * The values of an initializer.
 * @throws OnnxError `missing` for an unknown name or a file that `files` does not give, `malformed` when the sizes disagree,
 * `unsupported` for an element type that has no typed array here.
 */
export function readInitializer(model: ModelIndex, name: string, files: ExternalFiles = NO_FILES): Constant {
  const tensor = model.initializers.get(name);
  if (!tensor) throw new OnnxError('missing', `no initializer ${name}`);
  return readTensor(model, tensor, files);
}

/**
 * The values of a constant: an initializer, the output of a Constant node, or either seen through Identity and Cast (weights
 * stored as float16 and cast to float32). Null when the value depends on an input or on a node that is not followed.
 */
export function readConstant(
  model: ModelIndex,
  value: string,
  files: ExternalFiles = NO_FILES,
): Constant | null {
  const source = constantSource(model, value);
  if (!source) return null;
  const constant = readTensor(model, source.tensor, files);
  return source.casts.reduce((data, type) => castConstant(data, type), constant);
}

/** The tensor behind a constant value and the element types it is cast to on the way, or null when it is not constant. */
export function constantSource(
  model: ModelIndex,
  value: string,
): { readonly tensor: TensorRecord; readonly casts: readonly number[] } | null {
  const casts: number[] = [];
  let name = value;
  for (let step = 0; step < MAX_CHAIN; step++) {
    const initializer = model.initializers.get(name);
    // An initializer that is also a graph input is a default that a run may replace: still the file's weight.
    if (initializer) return { tensor: initializer, casts };
    const node = model.producers.get(name);
    if (node?.domain !== '') return null;
    if (node.opType === 'Constant') {
      const attributes = readAttributes(model.bytes, node);
      const tensor = attributes.get('value')?.tensor;
      return tensor ? { tensor, casts } : null;
    }
    if (node.opType === 'Cast') casts.unshift(readAttributes(model.bytes, node).get('to')?.int ?? 0);
    else if (node.opType !== 'Identity') return null;
    name = node.inputs[0] ?? '';
  }
  return null;
}

/** The one value of a constant that holds a single number, or null. */
export function readScalar(model: ModelIndex, value: string): number | null {
  const source = constantSource(model, value);
  if (!source || product(source.tensor.dims) !== 1 || source.tensor.external) return null;
  return Number(readConstant(model, value)?.data[0]);
}

function castConstant({ dims, data }: Constant, type: number): Constant {
  const values: ArrayLike<number | bigint> = data;
  if (type === element.FLOAT) return { dims, data: Float32Array.from(values, Number) };
  if (type === element.DOUBLE) return { dims, data: Float64Array.from(values, Number) };
  if (type === element.INT64) {
    return { dims, data: BigInt64Array.from(values, (x) => BigInt(Math.trunc(Number(x)))) };
  }
  if (type === element.FLOAT16) {
    return { dims, data: fromHalves(toHalves(Float32Array.from(values, Number))) };
  }
  if (type === element.INT32) return { dims, data: Int32Array.from(values, Number) };
  if (type === element.BOOL) return { dims, data: Uint8Array.from(values, (x) => (Number(x) !== 0 ? 1 : 0)) };
  throw new OnnxError('unsupported', `cast of a constant to element type ${type}`);
}

/** The values of any TensorProto of the file. */
export function readTensor(
  model: ModelIndex,
  tensor: TensorRecord,
  files: ExternalFiles = NO_FILES,
): Constant {
  const count = product(tensor.dims);
  const { bytes, start, end } = rawBytes(model, tensor, files);
  if (end < 0) return { dims: tensor.dims, data: readTyped(model.bytes, tensor, count) };
  const size = element.elementBytes(tensor.dataType);
  if (size === undefined) {
    throw new OnnxError('unsupported', `element type ${tensor.dataType} of ${tensor.name}`);
  }
  if (end - start !== count * size || end > bytes.length) {
    throw new OnnxError('malformed', `${tensor.name} has ${end - start} bytes for ${count} elements`);
  }
  return { dims: tensor.dims, data: decodeRaw(bytes, start, count, tensor.dataType, size) };
}

/** Where the raw bytes lie; `end` -1 when the values are in a typed field instead. */
function rawBytes(
  model: ModelIndex,
  tensor: TensorRecord,
  files: ExternalFiles,
): { bytes: Uint8Array; start: number; end: number } {
  if (tensor.external) {
    const { location, offset, length } = tensor.external;
    const bytes = files(location);
    if (!bytes) throw new OnnxError('missing', `${tensor.name} lies in ${location}, which is not at hand`);
    return { bytes, start: offset, end: length === null ? bytes.length : offset + length };
  }
  if (tensor.raw) return { bytes: model.bytes, ...tensor.raw };
  return { bytes: model.bytes, start: 0, end: -1 };
}

function decodeRaw(
  bytes: Uint8Array,
  start: number,
  count: number,
  type: number,
  size: number,
): ConstantData {
  // A copy, because raw data lies at any offset and typed arrays need alignment; not by slice, which for a Buffer shares
  // memory. ONNX is little endian, as every engine is.
  const { buffer } = new Uint8Array(bytes.subarray(start, start + count * size));
  switch (type) {
    case element.FLOAT:
      return new Float32Array(buffer);
    case element.DOUBLE:
      return new Float64Array(buffer);
    case element.INT64:
      return new BigInt64Array(buffer);
    case element.UINT64:
      return new BigUint64Array(buffer);
    case element.INT32:
      return new Int32Array(buffer);
    case element.UINT32:
      return new Uint32Array(buffer);
    case element.FLOAT16:
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    case element.INT16:
      return Int32Array.from(new Int16Array(buffer));
    case element.UINT16:
      return Int32Array.from(new Uint16Array(buffer));
    case element.INT8:
      return Int32Array.from(new Int8Array(buffer));
    default:
      return new Uint8Array(buffer);
  }
}

/** Values kept in float_data, int32_data, int64_data or double_data. */
function readTyped(bytes: Uint8Array, tensor: TensorRecord, count: number): ConstantData {
  const integers: bigint[] = [];
  const floats: number[] = [];
  const reader = new WireReader(bytes, tensor.range);
  while (reader.next()) {
    if (reader.field === 4) repeated(reader, FIXED32, (r) => floats.push(r.float32()));
    else if (reader.field === 5 || reader.field === 7 || reader.field === 11) {
      repeated(reader, VARINT, (r) => integers.push(r.int64()));
    } else reader.skip();
  }
  const found = Math.max(integers.length, floats.length);
  if (found !== count) {
    throw new OnnxError('malformed', `${tensor.name} has ${found} values for ${count} elements`);
  }
  switch (tensor.dataType) {
    case element.FLOAT:
      return Float32Array.from(floats);
    case element.FLOAT16:
      return Float32Array.from(integers, (bits) => halfToNumber(Number(bits)));
    case element.INT64:
      return BigInt64Array.from(integers);
    case element.UINT64:
      return BigUint64Array.from(integers);
    case element.BOOL:
    case element.UINT8:
      return Uint8Array.from(integers, Number);
    case element.INT8:
    case element.INT16:
    case element.UINT16:
    case element.INT32:
      return Int32Array.from(integers, Number);
    default:
      throw new OnnxError('unsupported', `element type ${tensor.dataType} of ${tensor.name}`);
  }
}

function repeated(reader: WireReader, wireType: number, read: (reader: WireReader) => void): void {
  if (reader.wireType === wireType) {
    read(reader);
    return;
  }
  const packed = new WireReader(reader.bytes, reader.range());
  while (packed.position < packed.end) read(packed);
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, size) => total * size, 1);
}
