/** Types of graph inputs, outputs and intermediate values (ValueInfoProto). */

import { decodeUtf8 } from './utf8.ts';
import { type ByteRange, VARINT, WireReader } from './wire.ts';

/** One dimension: a size, a symbolic name, or null when the file does not say. */
export type Dimension = number | string | null;

/** One dimension an axis, outermost first. */
export type Shape = readonly Dimension[];

export type ValueInfo = {
  readonly name: string;
  /** TensorProto.DataType, 0 when the value is no tensor or the file does not say. */
  readonly elementType: number;
  /** Null when the file gives no shape. */
  readonly dims: readonly Dimension[] | null;
};

/** Reads one ValueInfoProto. */
export function readValueInfo(bytes: Uint8Array, range: ByteRange): ValueInfo {
  const reader = new WireReader(bytes, range);
  let name = '';
  let type: Pick<ValueInfo, 'elementType' | 'dims'> = { elementType: 0, dims: null };
  while (reader.next()) {
    if (reader.field === 1) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 2) type = readType(bytes, reader.range());
    else reader.skip();
  }
  return { name, ...type };
}

function readType(bytes: Uint8Array, range: ByteRange): Pick<ValueInfo, 'elementType' | 'dims'> {
  const reader = new WireReader(bytes, range);
  let elementType = 0;
  let dims: Dimension[] | null = null;
  while (reader.next()) {
    // Only TypeProto.tensor_type: sequences and maps keep element type 0.
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const tensor = new WireReader(bytes, reader.range());
    while (tensor.next()) {
      if (tensor.field === 1) elementType = tensor.enumeration();
      else if (tensor.field === 2) dims = readShape(bytes, tensor.range());
      else tensor.skip();
    }
  }
  return { elementType, dims };
}

function readShape(bytes: Uint8Array, range: ByteRange): Dimension[] {
  const reader = new WireReader(bytes, range);
  const dims: Dimension[] = [];
  while (reader.next()) {
    if (reader.field !== 1) {
      reader.skip();
      continue;
    }
    const dim = new WireReader(bytes, reader.range());
    let size: Dimension = null;
    while (dim.next()) {
      if (dim.field === 1) {
        dim.expect(VARINT);
        size = Number(dim.int64());
      } else if (dim.field === 2) size = decodeUtf8(bytes, dim.range()) || null;
      else dim.skip();
    }
    dims.push(size);
  }
  return dims;
}
