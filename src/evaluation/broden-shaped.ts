/** The world as a Broden folder, for tests of readers and of streaming: every file is made when it is read, none is kept. */

import { zlibSync } from 'fflate';
import { drawSeed, LABEL_CATEGORIES } from '../jobs/scenes.ts';
import type { DirectoryHandle } from '../protocol/data.ts';
import type { Bytes } from '../tensor/bytes.ts';

export interface BrodenShape {
  readonly images: number;
  /** Pixels a side, of pictures and label images alike. */
  readonly size: number;
  readonly seed: number;
}

/** A folder of one level, `images/`, which holds `I.png` and `I_CATEGORY.png`. */
export function brodenShaped(shape: BrodenShape): DirectoryHandle {
  let drawn: { readonly index: number; readonly drawing: ReturnType<typeof drawSeed>['drawing'] } | undefined;
  const draw = (index: number) => {
    if (drawn?.index !== index) drawn = { index, drawing: drawSeed(shape.seed + index, shape.size).drawing };
    return drawn.drawing;
  };
  const image = (name: string): Uint8Array | null => {
    const match = /^(\d+)(?:_(\w+))?\.png$/.exec(name);
    if (!match || Number(match[1]) >= shape.images) return null;
    const { rgb, labels } = draw(Number(match[1]));
    if (!match[2]) return rgbPng(shape.size, Uint8Array.from(rgb));
    const plane = LABEL_CATEGORIES.findIndex(({ category }) => category === match[2]);
    if (plane < 0) return null;
    const pixels = shape.size ** 2;
    const codes = new Uint8Array(pixels * 3);
    for (let i = 0; i < pixels; i++) {
      const code = labels[plane * pixels + i]!;
      const number = code === 0 ? 0 : FIRST[plane]! + code;
      codes.set([number & 255, number >> 8], i * 3);
    }
    return rgbPng(shape.size, codes);
  };
  const images = folder('images', image);
  return {
    ...folder('broden', (name) => tables(name, shape)),
    getDirectoryHandle: async (name) => {
      if (name !== 'images') throw new Error(`no folder ${name}`);
      return images;
    },
  };
}

/** Labels are numbered through all categories, with a gap before each, as no category begins at 1. */
const FIRST = LABEL_CATEGORIES.map((_, index) =>
  LABEL_CATEGORIES.slice(0, index).reduce((sum, { labels }) => sum + labels.length, 250),
);

function tables(name: string, { images, size }: BrodenShape): Uint8Array | null {
  const names = LABEL_CATEGORIES.map(({ category }) => category);
  if (name === 'index.csv') {
    const rows = Array.from({ length: images }, (_, i) =>
      [`${i}.png`, 'train', size, size, size, size, ...names.map((category) => `${i}_${category}.png`)].join(
        ',',
      ),
    );
    return text([['image', 'split', 'ih', 'iw', 'sh', 'sw', ...names].join(','), ...rows]);
  }
  if (name === 'label.csv') {
    return text([
      'number,name,category,frequency,coverage',
      ...LABEL_CATEGORIES.flatMap(({ category, labels }, plane) =>
        labels.map((label, i) => `${FIRST[plane]! + i + 1},${label},${category}(1),1,1`),
      ),
    ]);
  }
  const plane = names.findIndex((category) => name === `c_${category}.csv`);
  if (plane < 0) return null;
  const { labels } = LABEL_CATEGORIES[plane]!;
  return text([
    'code,number,name,frequency,coverage',
    ...labels.map((label, i) => `${i + 1},${FIRST[plane]! + i + 1},${label},1,1`),
  ]);
}

function text(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function folder(name: string, make: (name: string) => Uint8Array | null): DirectoryHandle {
  return {
    name,
    getDirectoryHandle: async (child) => {
      throw new Error(`no folder ${child}`);
    },
    getFileHandle: async (child) => {
      const content = make(child);
      if (!content) throw new Error(`no file ${child}`);
      return { getFile: async () => inMemory(content) };
    },
    async *entries() {},
  };
}

function inMemory(content: Uint8Array): Bytes {
  return {
    size: content.length,
    slice: (start, end) => inMemory(content.subarray(start, end)),
    arrayBuffer: async () => new Uint8Array(content).buffer,
  };
}

/** An 8-bit RGB PNG without filters and, as no reader here asks for them, without checksums. */
function rgbPng(size: number, rgb: Uint8Array): Uint8Array {
  const raw = new Uint8Array(size * (1 + 3 * size));
  for (let y = 0; y < size; y++)
    raw.set(rgb.subarray(y * 3 * size, (y + 1) * 3 * size), y * (1 + 3 * size) + 1);
  const body = zlibSync(raw, { level: 1 });
  const png = Buffer.alloc(8 + 25 + 12 + body.length + 12);
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  png.writeUInt32BE(13, 8);
  png.write('IHDR', 12);
  png.writeUInt32BE(size, 16);
  png.writeUInt32BE(size, 20);
  png.set([8, 2], 24);
  png.writeUInt32BE(body.length, 33);
  png.write('IDAT', 37);
  png.set(body, 41);
  png.write('IEND', 41 + body.length + 8);
  return png;
}
