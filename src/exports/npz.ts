import { crc32 } from './crc32.ts';
import { encodeUtf8 } from './utf8.ts';

/** An array for NumPy: row-major, little-endian. */
export interface NpyArray {
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint16Array | Uint8Array | Uint8ClampedArray;
}

/**
 * A NumPy archive (`numpy.load`): a zip of stored `.npy` files, one an array, and texts as they are. Names become the archive's
 * keys. Throws RangeError where an array's dims do not give its length.
 */
export function encodeNpz(
  arrays: Readonly<Record<string, NpyArray>>,
  texts: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const files = [
    ...Object.entries(arrays).map(([name, array]) => ({
      name: `${name}.npy`,
      content: encodeNpy(name, array),
    })),
    ...Object.entries(texts).map(([name, text]) => ({ name, content: encodeUtf8(text) })),
  ];
  return zipStored(files);
}

/** NumPy format 1.0: magic, version, length of the header, header padded so that the data lies at a multiple of 64. */
function encodeNpy(name: string, { dims, data }: NpyArray): Uint8Array {
  if (dims.reduce((product, size) => product * size, 1) !== data.length) {
    throw new RangeError(`npz: ${name} of dims [${dims.join(', ')}] has ${data.length} values`);
  }
  const type = data instanceof Float32Array ? '<f4' : data instanceof Uint16Array ? '<u2' : '|u1';
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const head = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const room = Math.ceil((10 + head.length + 1) / 64) * 64 - 10;
  const text = encodeUtf8(`${head.padEnd(room - 1)}\n`);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(10 + room + bytes.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, room & 255, room >> 8]);
  out.set(text, 10);
  out.set(bytes, 10 + room);
  return out;
}

/** A zip without compression (APPNOTE 4.3): files, central directory, end. */
function zipStored(
  files: readonly { readonly name: string; readonly content: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const entries = files.map(({ name, content }) => ({
    name: encodeUtf8(name),
    content,
    crc: crc32(content),
  }));
  const size = entries.reduce(
    (sum, { name, content }) => sum + 30 + 46 + 2 * name.length + content.length,
    22,
  );
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  const offsets: number[] = [];
  /** What local and central headers share, from "version needed" on. */
  const common = (from: number, { name, content, crc }: (typeof entries)[number]): void => {
    view.setUint16(from, 20, true);
    view.setUint16(from + 2, 0x0800, true); // names in UTF-8
    view.setUint16(from + 8, 0x21, true); // a day that exists: the first of January 1980
    view.setUint32(from + 10, crc, true);
    view.setUint32(from + 14, content.length, true);
    view.setUint32(from + 18, content.length, true);
    view.setUint16(from + 22, name.length, true);
  };
  for (const entry of entries) {
    offsets.push(at);
    view.setUint32(at, 0x04034b50, true);
    common(at + 4, entry);
    out.set(entry.name, at + 30);
    out.set(entry.content, at + 30 + entry.name.length);
    at += 30 + entry.name.length + entry.content.length;
  }
  const directory = at;
  entries.forEach((entry, index) => {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    common(at + 6, entry);
    view.setUint32(at + 42, offsets[index]!, true);
    out.set(entry.name, at + 46);
    at += 46 + entry.name.length;
  });
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return out;
}
