import { strToU8, zlibSync } from 'fflate';
import type { Bytes } from '../../tensor/bytes.ts';
import type { NamedFile } from '../folder.ts';

/** Files in memory, by path. */
export function named(files: Readonly<Record<string, string | Uint8Array>>): readonly NamedFile[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    bytes: inMemory(typeof content === 'string' ? strToU8(content) : content),
  }));
}

export function inMemory(content: Uint8Array): Bytes {
  return {
    size: content.length,
    slice: (start, end) => inMemory(content.subarray(start, end)),
    arrayBuffer: async () => new Uint8Array(content).buffer,
  };
}

/** An 8-bit RGB PNG; checksums are left empty. */
export function rgbPng(
  width: number,
  height: number,
  rgb: (x: number, y: number) => readonly number[],
): Uint8Array {
  const raw = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) raw.set(rgb(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 2], 8);
  const chunk = (type: string, body: Uint8Array): number[] => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, body.length);
    return [...length, ...[...type].map((c) => c.charCodeAt(0)), ...body, 0, 0, 0, 0];
  };
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', header),
    ...chunk('IDAT', zlibSync(raw)),
    ...chunk('IEND', new Uint8Array(0)),
  ]);
}
