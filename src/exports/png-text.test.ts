import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { addPngText, readPngText, settingsKeyword } from './png-text.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, 'latin1');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(zlibCrc32(Buffer.concat([head.subarray(4), data])));
  return Buffer.concat([head, data, crc]);
}

/** One red pixel, written with Node's own zlib. */
const png = new Uint8Array(
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0)),
    chunk('IDAT', deflateSync(Uint8Array.of(0, 255, 0, 0))),
    chunk('IEND', new Uint8Array()),
  ]),
);

describe('crc32', () => {
  it('gives the published check values', () => {
    // The catalogue's check word, and the CRC that ends every PNG.
    expect(crc32(encodeUtf8('123456789'))).toBe(0xcbf43926);
    expect(crc32(encodeUtf8('IEND'))).toBe(0xae426082);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it('agrees with zlib', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });
});

describe('utf8', () => {
  it('agrees with TextEncoder and reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = encodeUtf8(text);
        expect(bytes).toEqual(new Uint8Array(new TextEncoder().encode(text)));
        expect(decodeUtf8(bytes)).toBe(text);
      }),
    );
    expect(encodeUtf8('\ud800')).toEqual(Uint8Array.of(0xef, 0xbf, 0xbd));
    expect(() => decodeUtf8(Uint8Array.of(0xff))).toThrow('not UTF-8');
  });
});

describe('texts of a PNG', () => {
  const text = JSON.stringify({ prompt: '紅色的車 🚕 "red"', seed: 7 });

  it('go in after the header and come out again', () => {
    const out = addPngText(png, settingsKeyword, text);
    expect(readPngText(out, settingsKeyword)).toBe(text);
    expect(readPngText(out, 'other')).toBeUndefined();
    expect(readPngText(png, settingsKeyword)).toBeUndefined();
    // Byte for byte: length, type, keyword, five zeros, text, CRC (by zlib); then what was there before.
    const expected = chunk('iTXt', Buffer.from(`vitrine\0\0\0\0\0${text}`));
    expect(Buffer.from(out.subarray(33, 33 + expected.length))).toEqual(expected);
    expect(out.subarray(0, 33)).toEqual(png.subarray(0, 33));
    expect(out.subarray(33 + expected.length)).toEqual(png.subarray(33));
  });

  it('skip a language tag and a translated keyword, and compressed texts', () => {
    const header = png.subarray(0, 33);
    const rest = png.subarray(33);
    const foreign = chunk('iTXt', Buffer.from('vitrine\0\0\0en\0cabinet\0hello'));
    const packed = chunk('iTXt', Buffer.from('vitrine\0\x01\0\0\0zzz'));
    expect(readPngText(Buffer.concat([header, packed, foreign, rest]), 'vitrine')).toBe('hello');
  });

  it('are not looked for in a broken file', () => {
    const out = addPngText(png, 'k', 'v');
    const flipped = out.slice();
    flipped[45]! ^= 1;
    expect(() => readPngText(flipped, 'k')).toThrow('png: wrong CRC in iTXt');
    expect(() => readPngText(out.subarray(0, -1), 'k')).toThrow(RangeError);
    expect(() => addPngText(out.subarray(1), 'k', 'v')).toThrow('png: no signature');
    expect(() => addPngText(png, ' k', 'v')).toThrow('invalid keyword');
    for (let length = 0; length < out.length; length++) {
      expect(() => readPngText(out.subarray(0, length), 'k')).toThrow(RangeError);
    }
  });
});
