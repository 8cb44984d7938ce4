import { readFileSync } from 'node:fs';
import { zipSync, zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { csvRecords, csvRows } from './csv.ts';
import { type DirectoryLike, directoryFolder, filesFolder } from './folder.ts';
import { decodePng, pngRgb } from './png.ts';
import { polygonMask, runLengthMask } from './shapes.ts';
import { named } from './test-support/files.ts';
import { zipFolder } from './zip.ts';

interface Golden {
  readonly runLengths: readonly { size: [number, number]; counts: string; mask: number[] }[];
  readonly pngs: readonly { mode: string; dims: [number, number]; samples: number[]; png: string }[];
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('./goldens/golden-files.json', import.meta.url), 'utf8'),
);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('CSV', () => {
  it('has quotes, doubled quotes, breaks inside of quotes, and either line end', () => {
    expect([...csvRows('a,"b, ""c""",\r\n"x\ny",,z\n\n7')]).toEqual([
      ['a', 'b, "c"', ''],
      ['x\ny', '', 'z'],
      ['7'],
    ]);
    expect([...csvRecords('name,n\nä,1\nb\n')]).toEqual([
      { name: 'ä', n: '1' },
      { name: 'b', n: '' },
    ]);
    expect(() => [...csvRows('a,"b')]).toThrow('a quote at character 2 never closes');
  });
});

describe('PNG', () => {
  it.each(golden.pngs)(
    'of mode $mode has exactly the samples that Pillow wrote',
    ({ dims, samples, png, mode }) => {
      const decoded = decodePng(Buffer.from(png, 'base64'));
      expect([decoded.height, decoded.width]).toEqual(dims);
      expect([...decoded.samples]).toEqual(samples);
      expect(decoded.indexed).toBe(mode === 'P');
      if (mode === 'P')
        expect([...pngRgb(decoded).subarray(0, 3)]).toEqual([0, 1, 2].map((c) => 30 + 3 * samples[0]! + c));
    },
  );

  it('is read interlaced', () => {
    // 5 x 4, grey, one byte a pixel: passes written out by hand in Adam7's order.
    const pixel = (x: number, y: number) => 10 * y + x;
    const passes = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ];
    const raw: number[] = [];
    for (const [left = 0, top = 0, across = 1, down = 1] of passes) {
      for (let y = top; y < 4; y += down) {
        const line: number[] = [];
        for (let x = left; x < 5; x += across) line.push(pixel(x, y));
        if (line.length > 0) raw.push(0, ...line);
      }
    }
    const body = zlibSync(Uint8Array.from(raw));
    const bytes = Uint8Array.from([
      ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      ...[0, 0, 0, 13, ...utf8('IHDR'), 0, 0, 0, 5, 0, 0, 0, 4, 8, 0, 0, 0, 1, 0, 0, 0, 0],
      ...[0, 0, 0, body.length, ...utf8('IDAT'), ...body, 0, 0, 0, 0],
      ...[0, 0, 0, 0, ...utf8('IEND'), 0, 0, 0, 0],
    ]);
    expect([...decodePng(bytes).samples]).toEqual(
      Array.from({ length: 20 }, (_, i) => pixel(i % 5, Math.floor(i / 5))),
    );
  });

  it('that is broken is refused', () => {
    const good = Buffer.from(golden.pngs[0]!.png, 'base64');
    expect(() => decodePng(utf8('GIF89a'))).toThrow('no PNG');
    expect(() => decodePng(good.subarray(0, 50))).toThrow('PNG: cut off');
    const flipped = Uint8Array.from(good);
    flipped[45] = 0xff;
    expect(() => decodePng(flipped)).toThrow('PNG: broken data');
  });
});

describe('COCO masks', () => {
  it.each(golden.runLengths)('of run lengths are those of the reference: $size', ({ size, counts, mask }) => {
    expect([...runLengthMask(counts, size, size)]).toEqual(mask);
  });

  it('of polygons hold the pixels whose centre is inside', () => {
    // A square of 2 x 3 with corners between pixels, and a triangle.
    const square = polygonMask([[1, 1, 4, 1, 4, 3, 1, 3]], [4, 5], [4, 5]);
    expect([...square]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    const both = polygonMask(
      [
        [0, 0, 4, 0, 0, 4],
        [3, 3, 4, 3, 4, 4, 3, 4],
      ],
      [4, 4],
      [4, 4],
    );
    expect([...both]).toEqual([1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    expect([...polygonMask([[0, 0, 8, 0, 8, 4, 0, 4]], [8, 8], [4, 4])]).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('that do not fit are refused', () => {
    expect(() => runLengthMask([1, 2], [2, 2], [2, 2])).toThrow('run lengths fill 3 of 4 pixels');
  });
});

describe('folders', () => {
  const files = { 'set/a.txt': 'first', 'set/in/b.txt': 'second '.repeat(500), 'set/in/ü.txt': '' };

  it('of dropped files, of a zip, and of a directory are one', async () => {
    const zip = zipSync({
      'set/a.txt': [utf8(files['set/a.txt']), { level: 0 }],
      'set/in/b.txt': utf8(files['set/in/b.txt']),
      'set/in/ü.txt': utf8(''),
    });
    const folders = [
      filesFolder('x', named(files)),
      await zipFolder('x', new Blob([zip as BlobPart])),
      directoryFolder(directory('set', files, 'set/')),
    ];
    for (const folder of folders) {
      expect(await folder.list('')).toEqual(['a.txt', 'in/b.txt', 'in/ü.txt']);
      expect(await folder.list('in/b')).toEqual(['in/b.txt']);
      expect(await folder.has('in/b.txt')).toBe(true);
      expect(await folder.has('in/c.txt')).toBe(false);
      expect(new TextDecoder().decode(await folder.read('in/b.txt'))).toBe(files['set/in/b.txt']);
      expect(new TextDecoder().decode(await folder.read('a.txt'))).toBe('first');
      await expect(folder.read('in/c.txt')).rejects.toThrow('in/c.txt: missing');
    }
  });

  it('of a zip that is none or cut off are refused', async () => {
    const zip = zipSync({ 'a/b': utf8('x'.repeat(90)), 'c/d': utf8('y') });
    await expect(zipFolder('x', new Blob(['nothing']))).rejects.toThrow('no zip: its directory is missing');
    const folder = await zipFolder('x', new Blob([new Uint8Array(zip).fill(0xff, 33, 34) as BlobPart]));
    await expect(folder.read('a/b')).rejects.toThrow('a/b: broken in the zip');
  });
});

function directory(name: string, files: Readonly<Record<string, string>>, prefix: string): DirectoryLike {
  const absent = () => Promise.reject(new Error('NotFoundError'));
  return {
    name,
    getDirectoryHandle: (child) =>
      Object.keys(files).some((path) => path.startsWith(`${prefix}${child}/`))
        ? Promise.resolve(directory(child, files, `${prefix}${child}/`))
        : absent(),
    getFileHandle: (child) =>
      prefix + child in files
        ? Promise.resolve({ getFile: async () => new Blob([files[prefix + child]!]) })
        : absent(),
    async *entries() {
      const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
      const children = new Set(inside.map((path) => path.slice(prefix.length).split('/')[0]!));
      for (const child of children) yield [child, { kind: prefix + child in files ? 'file' : 'directory' }];
    },
  };
}
