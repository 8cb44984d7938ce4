/**
 * The protobuf wire format, as far as ONNX needs it: a bounds-checked reader over a byte range and a growing writer.
 * Every read either advances or throws, so no input can make a caller loop; nothing is allocated from a claimed length.
 */

export type OnnxErrorCode =
  /** The bytes end inside a field, or a length points past the end. */
  | 'truncated'
  /** The bytes are no protobuf, or a field has a wire type that its schema forbids. */
  | 'malformed'
  /** Legal ONNX which this engine does not handle; the message names what. */
  | 'unsupported'
  /** A name that the model does not contain. */
  | 'missing'
  /** A name that is already taken, or a site that was already patched. */
  | 'collision';

/** What broken bytes and impossible edits throw. */
export class OnnxError extends Error {
  readonly code: OnnxErrorCode;

  constructor(code: OnnxErrorCode, message: string) {
    super(message);
    this.name = 'OnnxError';
    this.code = code;
  }
}

/** A half-open range of byte offsets in the file. */
export type ByteRange = { readonly start: number; readonly end: number };

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const START_GROUP = 3;
const END_GROUP = 4;
export const FIXED32 = 5;

const MAX_GROUP_DEPTH = 64;

export class WireReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;
  /** Field number and wire type of the tag read last. */
  field = 0;
  wireType = 0;
  /** Offset of the tag read last. */
  tagStart = 0;

  constructor(bytes: Uint8Array, range: ByteRange = { start: 0, end: bytes.length }) {
    this.bytes = bytes;
    this.position = range.start;
    this.end = Math.min(range.end, bytes.length);
  }

  /** Reads the next tag into `field` and `wireType`; false at the end of the range. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.tagStart = this.position;
    // A tag is a 32-bit varint: longer ones keep their low 32 bits, as protobuf libraries do.
    const tag = this.uint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new OnnxError('malformed', `field number 0 at byte ${this.tagStart}`);
    return true;
  }

  /** The low 32 bits of a varint, unsigned. */
  uint32(): number {
    const short = this.#short();
    return short >= 0 ? short : Number(this.uint64() & 0xffffffffn);
  }

  /** An int32 or enum: the low 32 bits of a varint, signed. */
  int32(): number {
    return this.uint32() | 0;
  }

  uint64(): bigint {
    const short = this.#short();
    if (short >= 0) return BigInt(short);
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.position >= this.end) throw new OnnxError('truncated', `varint ends at byte ${this.end}`);
      const byte = this.bytes[this.position++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new OnnxError('malformed', `varint longer than 10 bytes before byte ${this.position}`);
  }

  /** A varint of at most four bytes, read without a bigint; -1, with nothing read, for any other. */
  #short(): number {
    const last = Math.min(this.position + 4, this.end);
    let value = 0;
    for (let index = this.position, shift = 0; index < last; index++, shift += 7) {
      const byte = this.bytes[index]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = index + 1;
        return value;
      }
    }
    return -1;
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  /** The range of a length-delimited field; the reader moves past it. */
  range(): ByteRange {
    this.expect(LENGTH);
    const short = this.#short();
    const length = short >= 0 ? short : Number(this.uint64());
    const start = this.position;
    if (length > this.end - start) {
      throw new OnnxError(
        'truncated',
        `a field of ${length} bytes at byte ${start} runs past byte ${this.end}`,
      );
    }
    this.position = start + length;
    return { start, end: this.position };
  }

  /** Four bytes as an IEEE float, little endian. */
  float32(): number {
    const start = this.#take(4);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 4).getFloat32(0, true);
  }

  /** An int32 or enum field. */
  enumeration(): number {
    this.expect(VARINT);
    return this.int32();
  }

  expect(wireType: number): void {
    if (this.wireType !== wireType) {
      throw new OnnxError(
        'malformed',
        `field ${this.field} at byte ${this.tagStart} has wire type ${this.wireType}, expected ${wireType}`,
      );
    }
  }

  /** Moves past the value of the current tag. */
  skip(): void {
    this.#skip(this.wireType, this.field, 0);
  }

  #skip(wireType: number, field: number, depth: number): void {
    if (wireType === VARINT) this.uint64();
    else if (wireType === FIXED64) this.#take(8);
    else if (wireType === FIXED32) this.#take(4);
    else if (wireType === LENGTH) {
      this.wireType = LENGTH;
      this.range();
    } else if (wireType === START_GROUP && depth < MAX_GROUP_DEPTH) {
      for (;;) {
        if (!this.next()) throw new OnnxError('truncated', `group ${field} is never closed`);
        const inner = { field: this.field, wireType: this.wireType };
        if (inner.wireType === END_GROUP) {
          if (inner.field === field) return;
          throw new OnnxError('malformed', `group ${field} is closed as ${inner.field}`);
        }
        this.#skip(inner.wireType, inner.field, depth + 1);
      }
    } else {
      throw new OnnxError('malformed', `wire type ${wireType} at byte ${this.tagStart}`);
    }
  }

  #take(count: number): number {
    const start = this.position;
    if (start + count > this.end) throw new OnnxError('truncated', `bytes end at ${this.end}`);
    this.position = start + count;
    return start;
  }
}

/** Writes protobuf fields into one growing buffer. */
export class WireWriter {
  #buffer = new Uint8Array(1024);
  #length = 0;

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  varint(field: number, value: number | bigint): void {
    this.#tag(field, VARINT);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
  }

  float32(field: number, value: number): void {
    this.#tag(field, FIXED32);
    this.#reserve(4);
    new DataView(this.#buffer.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, LENGTH);
    this.#varint(BigInt(value.length));
    this.raw(value);
  }

  message(field: number, write: (writer: WireWriter) => void): void {
    const inner = new WireWriter();
    write(inner);
    this.bytes(field, inner.finish());
  }

  /** Bytes that are already encoded fields. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt(field * 8 + wireType));
  }

  #varint(value: bigint): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 0x80n) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + count));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
