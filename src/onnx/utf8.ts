/** UTF-8 without TextDecoder, which pure code does not have. Invalid sequences become U+FFFD, as TextDecoder makes them. */

import type { ByteRange } from './wire.ts';

const REPLACEMENT = 0xfffd;
/** Arguments of one String.fromCodePoint call: well under every engine's limit. */
const CHUNK = 4096;

export function decodeUtf8(bytes: Uint8Array, range: ByteRange = { start: 0, end: bytes.length }): string {
  let text = '';
  let points: number[] = [];
  let index = range.start;
  while (index < range.end) {
    const lead = bytes[index++]!;
    let point = lead;
    if (lead >= 0x80) {
      const length =
        lead >= 0xc2 && lead < 0xe0
          ? 1
          : lead >= 0xe0 && lead < 0xf0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : 0;
      point = length === 0 ? REPLACEMENT : lead & (0x3f >> length);
      for (let rest = length; rest > 0; rest--) {
        const byte = index < range.end ? bytes[index]! : 0;
        // The first continuation byte of some leads is restricted (overlong forms, surrogates, past U+10FFFF).
        const first = rest === length;
        const low = first && lead === 0xe0 ? 0xa0 : first && lead === 0xf0 ? 0x90 : 0x80;
        const high = first && lead === 0xed ? 0x9f : first && lead === 0xf4 ? 0x8f : 0xbf;
        if (byte < low || byte > high) {
          point = REPLACEMENT;
          break;
        }
        point = (point << 6) | (byte & 0x3f);
        index++;
      }
    }
    points.push(point);
    if (points.length === CHUNK) {
      text += String.fromCodePoint(...points);
      points = [];
    }
  }
  return text + String.fromCodePoint(...points);
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const raw = character.codePointAt(0)!;
    const point = raw >= 0xd800 && raw <= 0xdfff ? REPLACEMENT : raw;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      );
  }
  return Uint8Array.from(bytes);
}
