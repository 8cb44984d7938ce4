import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeader } from './header.ts';
import { avif12x8, bigEndian, exifOrientation, join, littleEndian, pngClaiming } from './test-support.ts';

/** Frame header with a thumbnail's end marker before it, one scan, end. Fill byte before the frame. */
const jpeg = join(
  [0xff, 0xd8],
  exifOrientation(6),
  [0xff, 0xc4, 0, 4, 9, 9], // a Huffman table: C4 is no frame
  [0xff, 0xff, 0xc2, 0, 11, 8],
  bigEndian(300, 2),
  bigEndian(517, 2),
  [1, 1, 0x11, 0],
  [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9],
  'trailing',
);
const riff = (chunk: Uint8Array) => join('RIFF', littleEndian(chunk.length + 4, 4), 'WEBP', chunk);
const lossy = riff(
  join(
    'VP8 ',
    littleEndian(10, 4),
    [0, 0, 0, 0x9d, 1, 0x2a],
    littleEndian(0x4000 | 321, 2),
    littleEndian(45, 2),
  ),
);
// 14 bits of width - 1 = 99, then 14 bits of height - 1 = 2000.
const lossless = riff(join('VP8L', littleEndian(5, 4), [0x2f], littleEndian(99 + 2000 * 2 ** 14, 4)));
const extended = riff(
  join('VP8X', littleEndian(10, 4), [0, 0, 0, 0], littleEndian(69_999, 3), littleEndian(4, 3)),
);
const gif = join('GIF89a', littleEndian(7, 2), littleEndian(300, 2), [0, 0, 0, 1, 2, 3, 0x3b, 0]);

const samples = {
  png: { bytes: pngClaiming(640, 20_000), format: 'png', width: 640, height: 20_000 },
  jpeg: { bytes: jpeg, format: 'jpeg', width: 517, height: 300 },
  'WebP lossy': { bytes: lossy, format: 'webp', width: 321, height: 45 },
  'WebP lossless': { bytes: lossless, format: 'webp', width: 100, height: 2001 },
  'WebP extended': { bytes: extended, format: 'webp', width: 70_000, height: 5 },
  avif: { bytes: avif12x8, format: 'avif', width: 12, height: 8 },
  gif: { bytes: gif, format: 'gif', width: 7, height: 300 },
};

describe('readHeader', () => {
  it.each(Object.entries(samples))('reads %s', (_, { bytes, ...expected }) => {
    expect(readHeader(bytes)).toEqual({ ...expected, complete: true });
  });

  it.each(Object.entries(samples))('tells a cut %s', (_, { bytes }) => {
    for (let length = 12; length < bytes.length; length++) {
      const header = readHeader(bytes.subarray(0, length));
      // What trails the end marker (8 bytes after the JPEG, a zero after the GIF, a CRC after IEND) is not missed.
      const optional = bytes === jpeg ? 8 : bytes === gif ? 1 : 0;
      if (length >= bytes.length - optional) expect(header).toMatchObject({ complete: true });
      else if (typeof header !== 'string') expect(header).toMatchObject({ complete: false });
    }
  });

  it('takes the largest extents of an AVIF: tiles are smaller', () => {
    const box = (type: string, ...content: readonly (ArrayLike<number> | string)[]) => {
      const inner = join(...content);
      return join(bigEndian(inner.length + 8, 4), type, inner);
    };
    const ispe = (width: number, height: number) =>
      box('ispe', [0, 0, 0, 0], bigEndian(width, 4), bigEndian(height, 4));
    const ipco = box('ipco', ispe(512, 512), ispe(30_000, 900), ispe(160, 120));
    const file = join(
      box('ftyp', 'mif1', [0, 0, 0, 0], 'avif'),
      box('meta', [0, 0, 0, 0], box('iprp', ipco)),
      box('mdat'),
    );
    expect(readHeader(file)).toEqual({ format: 'avif', width: 30_000, height: 900, complete: true });
  });

  it('knows no other file', () => {
    for (const text of [
      '',
      'x',
      'hello, this is a text',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'RIFFxxxxWAVEfmt ',
    ]) {
      expect(readHeader(join(text))).toBe('unknown');
    }
  });

  it('never throws, whatever follows a signature', () => {
    const starts = Object.values(samples).map(({ bytes }) => bytes.slice(0, 16));
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const header = readHeader(join(start, rest));
        if (typeof header !== 'string') expect(header.width).toBeGreaterThanOrEqual(0);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
