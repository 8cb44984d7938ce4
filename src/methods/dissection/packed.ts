/** Accumulators as bytes: to be kept over a reload, moved between workers and machines, and merged. */

export type PackedArray = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Plain facts and named arrays. */
export interface Packed {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, PackedArray>>;
}

const MAGIC = 0x31445456; // "VTD1", little endian
const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };
type Kind = keyof typeof kinds;

/** One block: magic, length of a JSON header, the header in UTF-16, then each array on a multiple of 8 bytes. */
export function pack({ facts, arrays }: Packed): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(arrays);
  const text = JSON.stringify({
    facts,
    arrays: entries.map(([name, array]) => [name, kindOf(array), array.length]),
  });
  const header = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  let size = aligned(8 + header.byteLength);
  for (const [, array] of entries) size += aligned(array.byteLength);
  const bytes = new Uint8Array(size);
  new Uint32Array(bytes.buffer, 0, 2).set([MAGIC, header.length]);
  new Uint16Array(bytes.buffer, 8, header.length).set(header);
  let at = aligned(8 + header.byteLength);
  for (const [, array] of entries) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return bytes;
}

/** The reverse; arrays are copies. Throws RangeError for bytes that were not packed here, or are cut off. */
export function unpack(bytes: Uint8Array): Packed {
  const copy = bytes.slice();
  if (copy.length < 8) throw new RangeError('packed: too short');
  const [magic, length] = new Uint32Array(copy.buffer, 0, 2);
  if (magic !== MAGIC || 8 + 2 * length! > copy.length) {
    throw new RangeError('packed: not an accumulator of ours');
  }
  let text = '';
  for (const code of new Uint16Array(copy.buffer, 8, length)) text += String.fromCharCode(code);
  const { facts, arrays } = readHeader(JSON.parse(text));
  let at = aligned(8 + 2 * length!);
  const read: Record<string, PackedArray> = {};
  for (const [name, kind, count] of arrays) {
    const store = kinds[kind];
    if (at + count * store.BYTES_PER_ELEMENT > copy.length)
      throw new RangeError(`packed: ${name} is cut off`);
    const array = new store(copy.buffer, at, count);
    read[name] = array;
    at += aligned(array.byteLength);
  }
  return { facts, arrays: read };
}

/** A fact that must be a number. */
export function numberFact({ facts }: Packed, name: string): number {
  const value = facts[name];
  if (typeof value !== 'number') throw new RangeError(`packed: no number ${name}`);
  return value;
}

export function textFact({ facts }: Packed, name: string): string {
  const value = facts[name];
  if (typeof value !== 'string') throw new RangeError(`packed: no text ${name}`);
  return value;
}

/** An array that must be there, of this kind and length. */
export function arrayOf<A extends PackedArray>(
  { arrays }: Packed,
  name: string,
  store: abstract new (...args: never[]) => A,
  length?: number,
): A {
  const array = arrays[name];
  if (!(array instanceof store)) throw new RangeError(`packed: no array ${name} of ${store.name}`);
  if (length !== undefined && array.length !== length) {
    throw new RangeError(`packed: ${name} has ${array.length} elements, not ${length}`);
  }
  return array;
}

function readHeader(value: unknown): {
  facts: Record<string, unknown>;
  arrays: (readonly [string, Kind, number])[];
} {
  if (typeof value !== 'object' || value === null || !('facts' in value) || !('arrays' in value)) {
    throw new RangeError('packed: no header');
  }
  const { facts, arrays } = value;
  if (typeof facts !== 'object' || facts === null || !Array.isArray(arrays)) {
    throw new RangeError('packed: no header');
  }
  return {
    facts: { ...facts },
    arrays: arrays.map((entry: unknown) => {
      if (!Array.isArray(entry)) throw new RangeError('packed: no header');
      const [name, kind, count]: unknown[] = entry;
      if (typeof name !== 'string' || !isKind(kind) || typeof count !== 'number') {
        throw new RangeError('packed: no header');
      }
      return [name, kind, count] as const;
    }),
  };
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

function kindOf(array: PackedArray): Kind {
  if (array instanceof Uint8Array) return 'u8';
  if (array instanceof Uint16Array) return 'u16';
  if (array instanceof Uint32Array) return 'u32';
  return array instanceof Float32Array ? 'f32' : 'f64';
}

function aligned(size: number): number {
  return Math.ceil(size / 8) * 8;
}
