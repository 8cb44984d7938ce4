/** Where the values of a tensor lie (TensorProto); the values themselves are read by initializer.ts. */

import { decodeUtf8 } from './utf8.ts';
import { type ByteRange, LENGTH, OnnxError, VARINT, WireReader } from './wire.ts';

export type TensorRecord = {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** The whole TensorProto, without its tag and length. */
  readonly range: ByteRange;
  /** Bytes of `raw_data`; null when the values are in a typed field or in another file. */
  readonly raw: ByteRange | null;
  /** Set when the values lie in another file. */
  readonly external: ExternalData | null;
};

export type ExternalData = {
  readonly location: string;
  readonly offset: number;
  readonly length: number | null;
};

/** Indexes one TensorProto; its values stay where they are. */
export function readTensorRecord(bytes: Uint8Array, range: ByteRange): TensorRecord {
  const reader = new WireReader(bytes, range);
  const dims: number[] = [];
  const external = new Map<string, string>();
  let name = '';
  let dataType = 0;
  let raw: ByteRange | null = null;
  let isExternal = false;
  while (reader.next()) {
    if (reader.field === 1) pushInt64(reader, dims);
    else if (reader.field === 2) dataType = reader.enumeration();
    else if (reader.field === 8) name = decodeUtf8(bytes, reader.range());
    else if (reader.field === 9) raw = reader.range();
    else if (reader.field === 13) readEntry(bytes, reader.range(), external);
    else if (reader.field === 14) isExternal = reader.enumeration() === 1;
    else reader.skip();
  }
  return { name, dataType, dims, range, raw, external: isExternal ? externalData(external, name) : null };
}

function externalData(entries: ReadonlyMap<string, string>, name: string): ExternalData {
  const location = entries.get('location');
  const offset = Number(entries.get('offset') ?? 0);
  const length = entries.has('length') ? Number(entries.get('length')) : null;
  if (location === undefined || !isSize(offset) || (length !== null && !isSize(length))) {
    throw new OnnxError('malformed', `external data of ${name} has no usable location`);
  }
  return { location, offset, length };
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function readEntry(bytes: Uint8Array, range: ByteRange, entries: Map<string, string>): void {
  const reader = new WireReader(bytes, range);
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = decodeUtf8(bytes, reader.range());
    else if (reader.field === 2) value = decodeUtf8(bytes, reader.range());
    else reader.skip();
  }
  entries.set(key, value);
}

/** Repeated int64, packed or not. */
function pushInt64(reader: WireReader, values: number[]): void {
  if (reader.wireType === LENGTH) {
    const packed = new WireReader(reader.bytes, reader.range());
    while (packed.position < packed.end) values.push(Number(packed.int64()));
  } else {
    reader.expect(VARINT);
    values.push(Number(reader.int64()));
  }
}
