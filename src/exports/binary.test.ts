import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeApng } from './apng.ts';
import { crc32 } from './crc32.ts';
import { encodeNpz } from './npz.ts';
import { zlibStored } from './zlib.ts';

const frame = (seed: number) => ({
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from({ length: 24 }, (_, at) => (at % 4 === 3 ? 255 : (at * 7 + seed) % 256)),
});

describe('a film', () => {
  it('holds every frame, in order, in chunks whose sums are right', () => {
    const bytes = encodeApng([frame(1), frame(50), frame(90)], 120, 900);
    const view = new DataView(bytes.buffer);
    const chunks: { type: string; data: Uint8Array }[] = [];
    for (let at = 8; at < bytes.length; ) {
      const length = view.getUint32(at);
      const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
      expect(view.getUint32(at + 8 + length), type).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
      chunks.push({ type, data: bytes.slice(at + 8, at + 8 + length) });
      at += 12 + length;
    }
    expect(chunks.map(({ type }) => type)).toEqual([
      'IHDR',
      'acTL',
      'fcTL',
      'IDAT',
      'fcTL',
      'fdAT',
      'fcTL',
      'fdAT',
      'IEND',
    ]);
    const controls = chunks
      .filter(({ type }) => type === 'fcTL')
      .map(({ data }) => new DataView(data.buffer));
    expect(controls.map((control) => control.getUint16(20))).toEqual([120, 120, 900]);
    // Sequence numbers run over fcTL and fdAT together.
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    expect(numbered.map(({ data }) => new DataView(data.buffer).getUint32(0))).toEqual([0, 1, 2, 3, 4]);
    const last = inflateSync(chunks[7]!.data.subarray(4));
    const { data } = frame(90);
    expect([...last.subarray(0, 10)]).toEqual([
      0,
      ...[0, 1, 2].flatMap((x) => [...data.subarray(4 * x, 4 * x + 3)]),
    ]);
    expect(() => encodeApng([], 1)).toThrow('no frames');
    expect(() => encodeApng([frame(1), { ...frame(1), width: 2 }], 1)).toThrow('frame 1 is 2 x 2');
  });

  it('stores streams that zlib reads, beyond one block too', () => {
    for (const length of [0, 1, 65535, 65536, 140001]) {
      const data = Uint8Array.from({ length }, (_, at) => (at * 31) % 251);
      expect(inflateSync(zlibStored(data)).equals(Buffer.from(data)), `${length} bytes`).toBe(true);
    }
  });
});

describe('an archive for NumPy', () => {
  const arrays = {
    maps: { dims: [2, 3], data: Float32Array.of(0, 0.5, 1, 1.5, -2, 0.1) },
    line: { dims: [4], data: Uint16Array.of(0, 1, 256, 65535) },
    image: { dims: [1, 2, 1], data: Uint8ClampedArray.of(7, 255) },
  };

  it('is read by NumPy where there is one, and by its own bytes everywhere', () => {
    const bytes = encodeNpz(arrays, { 'settings.json': '{"prompt": "紅"}' });
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(text).toContain("'shape': (4,), }");
    // Data begins at multiples of 64 of its file.
    const start = text.indexOf('\x93NUMPY');
    expect((text.indexOf('\n', start) + 1 - start) % 64).toBe(0);
    const path = join(mkdtempSync(join(tmpdir(), 'npz-')), 'maps.npz');
    writeFileSync(path, bytes);
    const script =
      'import numpy,sys,json\nz=numpy.load(sys.argv[1])\nprint(json.dumps([z["maps"].tolist(),z["line"].tolist(),z["image"].tolist(),sorted(z.files)]))';
    let read: string;
    try {
      read = execFileSync(process.env.VITRINE_PYTHON ?? 'python3', ['-c', script, path], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch {
      console.log('no Python with NumPy: the archive is not read back');
      return;
    }
    expect(JSON.parse(read)).toEqual([
      [
        [0, 0.5, 1],
        [1.5, -2, Math.fround(0.1)],
      ],
      [0, 1, 256, 65535],
      [[[7], [255]]],
      ['image', 'line', 'maps', 'settings.json'],
    ]);
  });

  it('names an array of the wrong length', () => {
    expect(() => encodeNpz({ x: { dims: [2], data: Float32Array.of(1) } })).toThrow(
      'x of dims [2] has 1 values',
    );
  });
});
