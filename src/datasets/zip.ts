import { inflateSync } from 'fflate';
import type { Bytes } from '../tensor/bytes.ts';
import { commonRoot, type DataFolder, MissingFile } from './folder.ts';

interface Entry {
  /** Of its local header. */
  readonly offset: number;
  readonly packed: number;
  readonly size: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record with the longest comment, and the locator before it. */
const TAIL = 22 + 0xffff + 20;

/**
 * A zip as a folder (APPNOTE 6.3: stored and deflated entries, zip64). Only its directory is kept in memory; a file is read
 * and inflated when asked for. A single folder around everything is left out of the paths. Throws RangeError for other bytes.
 */
export async function zipFolder(name: string, zip: Bytes): Promise<DataFolder> {
  const entries = await readDirectory(zip);
  const root = commonRoot([...entries.keys()]);
  const paths = [...entries.keys()].map((path) => path.slice(root.length)).sort();
  return {
    name,
    listed: true,
    list: async (prefix) => paths.filter((path) => path.startsWith(prefix)),
    has: async (path) => entries.has(root + path),
    read: async (path) => {
      const entry = entries.get(root + path);
      if (!entry) throw new MissingFile(path);
      return readEntry(zip, entry, path);
    },
  };
}

async function readEntry(zip: Bytes, entry: Entry, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const header = await view(zip, entry.offset, entry.offset + 30);
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL)
    throw new MissingFile(path, 'broken in the zip');
  const from = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = new Uint8Array(await zip.slice(from, from + entry.packed).arrayBuffer());
  if (packed.length < entry.packed) throw new MissingFile(path, 'cut off in the zip');
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw new MissingFile(path, `packed by method ${entry.method}`);
  try {
    const bytes = inflateSync(packed);
    if (bytes.length === entry.size) return new Uint8Array(bytes);
  } catch {
    // Said below.
  }
  throw new MissingFile(path, 'broken in the zip');
}

async function readDirectory(zip: Bytes): Promise<ReadonlyMap<string, Entry>> {
  const tailFrom = Math.max(0, zip.size - TAIL);
  const tail = await view(zip, tailFrom, zip.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw new RangeError('no zip: its directory is missing');
  let size = tail.getUint32(end + 12, true);
  let from = tail.getUint32(end + 16, true);
  const large = from === 0xffffffff || size === 0xffffffff || tail.getUint16(end + 10, true) === 0xffff;
  if (large && end >= 20 && tail.getUint32(end - 20, true) === LOCATOR64) {
    const at = Number(tail.getBigUint64(end - 12, true));
    const record = await view(zip, at, at + 56);
    if (record.byteLength < 56 || record.getUint32(0, true) !== END64)
      throw new RangeError('no zip: broken directory');
    size = Number(record.getBigUint64(40, true));
    from = Number(record.getBigUint64(48, true));
  }
  const directory = await view(zip, from, from + size);
  if (directory.byteLength < size) throw new RangeError('no zip: cut off');
  return readEntries(directory);
}

function readEntries(directory: DataView): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 46 <= directory.byteLength; ) {
    if (directory.getUint32(at, true) !== CENTRAL) throw new RangeError('no zip: broken directory');
    const nameLength = directory.getUint16(at + 28, true);
    const extraLength = directory.getUint16(at + 30, true);
    const nameAt = at + 46;
    const name = decodeText(new Uint8Array(directory.buffer, directory.byteOffset + nameAt, nameLength));
    const sizes = { size: directory.getUint32(at + 24, true), packed: directory.getUint32(at + 20, true) };
    const offset = directory.getUint32(at + 42, true);
    const entry = widen(directory, nameAt + nameLength, extraLength, { ...sizes, offset });
    if (!name.endsWith('/')) entries.set(name, { ...entry, method: directory.getUint16(at + 10, true) });
    at = nameAt + nameLength + extraLength + directory.getUint16(at + 32, true);
  }
  return entries;
}

/** Sizes beyond 32 bits stand in the zip64 extra field, in this order, each only where its place holds all ones. */
function widen<T extends { size: number; packed: number; offset: number }>(
  directory: DataView,
  from: number,
  length: number,
  plain: T,
): { size: number; packed: number; offset: number } {
  const entry = { size: plain.size, packed: plain.packed, offset: plain.offset };
  for (let at = from; at + 4 <= from + length; at += 4 + directory.getUint16(at + 2, true)) {
    if (directory.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    for (const field of ['size', 'packed', 'offset'] as const) {
      if (entry[field] !== 0xffffffff) continue;
      entry[field] = Number(directory.getBigUint64(value, true));
      value += 8;
    }
  }
  return entry;
}

async function view(zip: Bytes, from: number, end: number): Promise<DataView> {
  return new DataView(await zip.slice(from, Math.min(end, zip.size)).arrayBuffer());
}

/** Names are UTF-8 or, in old zips, bytes of another alphabet, which are then kept one by one. */
function decodeText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  try {
    return decodeURIComponent(
      text.replace(/[^A-Za-z0-9 _.~/()-]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
  } catch {
    return text;
  }
}
