import { crc32 } from './crc32.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/**
 * Texts in a PNG (third edition, 11.3.3.4 `iTXt`): keyword (Latin-1, 1 to 79 bytes), compression flag and method, language
 * tag, translated keyword, text in UTF-8. A chunk is its length, type, data, and the CRC-32 of type and data.
 */

/** The keyword under which a picture carries the {@link Settings} that made it, as JSON. */
export const settingsKeyword = 'vitrine';

/** The PNG with one more uncompressed text, before its pictures' data; throws RangeError for what is no PNG or no keyword. */
export function addPngText(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\x20-\x7e]{1,79}$/.test(keyword) || keyword.trim() !== keyword) {
    throw new RangeError(`png: invalid keyword: ${keyword}`);
  }
  const head = chunks(png)[0]!;
  const content = [...encodeUtf8(keyword), 0, 0, 0, 0, 0, ...encodeUtf8(text)];
  const chunk = new Uint8Array(12 + content.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set(encodeUtf8('iTXt'), 4);
  chunk.set(content, 8);
  view.setUint32(8 + content.length, crc32(chunk.subarray(4, 8 + content.length)));
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, head.end));
  out.set(chunk, head.end);
  out.set(png.subarray(head.end), head.end + chunk.length);
  return out;
}

/** The first uncompressed `iTXt` text of a keyword; undefined when there is none. Throws RangeError for a broken PNG. */
export function readPngText(png: Uint8Array, keyword: string): string | undefined {
  const wanted = encodeUtf8(keyword);
  for (const { type, from, to } of chunks(png)) {
    if (type !== 'iTXt') continue;
    const data = png.subarray(from, to);
    const end = data.indexOf(0);
    if (end !== wanted.length || !wanted.every((byte, i) => data[i] === byte)) continue;
    // Compression flag: a compressed text is somebody else's.
    if (data[end + 1] !== 0) continue;
    const language = data.indexOf(0, end + 3);
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
    if (translated < 0) throw new RangeError('png: iTXt without a text');
    return decodeUtf8(data.subarray(translated + 1));
  }
  return undefined;
}

interface Chunk {
  readonly type: string;
  /** Start and end of the data. */
  readonly from: number;
  readonly to: number;
  /** Past the CRC. */
  readonly end: number;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Chunks up to IEND, their CRCs checked; the first is IHDR. */
function chunks(png: Uint8Array): readonly Chunk[] {
  if (!signature.every((byte, i) => png[i] === byte)) throw new RangeError('png: no signature');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: Chunk[] = [];
  for (let at = 8; found.at(-1)?.type !== 'IEND'; at = found.at(-1)!.end) {
    if (at + 12 > png.length) throw new RangeError(`png: ends at ${png.length} before IEND`);
    const from = at + 8;
    const to = from + view.getUint32(at);
    if (to + 4 > png.length) throw new RangeError(`png: chunk at ${at} ends beyond the file`);
    const type = String.fromCharCode(...png.subarray(at + 4, from));
    if (crc32(png.subarray(at + 4, to)) !== view.getUint32(to)) {
      throw new RangeError(`png: wrong CRC in ${type}`);
    }
    found.push({ type, from, to, end: to + 4 });
  }
  if (found[0]!.type !== 'IHDR') throw new RangeError(`png: starts with ${found[0]!.type}`);
  return found;
}
