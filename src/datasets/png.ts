import { unzlibSync } from 'fflate';

/** A decoded PNG, exact to the bit: no colour management, no gamma, no premultiplied alpha touches its samples. */
export interface Png {
  readonly width: number;
  readonly height: number;
  /** Samples a pixel: 1 grey or palette index, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly indexed: boolean;
  /** [y, x, channel], as stored; 16-bit samples are kept whole. */
  readonly samples: Uint8Array | Uint16Array;
  /** RGB triples of an indexed PNG. */
  readonly palette: Uint8Array | null;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7's seven passes: first column, first row, steps. A plain file is one pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const PLAIN = [[0, 0, 1, 1]] as const;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Decodes a PNG of any kind. Throws RangeError for broken ones; checksums are not checked. */
export function decodePng(bytes: Uint8Array): Png {
  if (!isPng(bytes)) throw new RangeError('no PNG');
  const { header, palette, data } = readChunks(bytes);
  const { width, height, depth, kind, interlaced } = header;
  const channels = CHANNELS[kind];
  if (!channels || ![1, 2, 4, 8, 16].includes(depth) || width * height === 0 || width * height > 2 ** 28) {
    throw new RangeError('PNG: broken header');
  }
  const samples =
    depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  let raw: Uint8Array;
  try {
    raw = unzlibSync(data);
  } catch {
    throw new RangeError('PNG: broken data');
  }
  let at = 0;
  const bits = depth * channels;
  for (const [left, top, across, down] of interlaced ? ADAM7 : PLAIN) {
    const columns = Math.ceil((width - left) / across);
    const rows = Math.ceil((height - top) / down);
    if (columns <= 0 || rows <= 0) continue;
    const line = Math.ceil((columns * bits) / 8);
    if (at + rows * (line + 1) > raw.length) throw new RangeError('PNG: cut off');
    unfilter(raw, at, rows, line, Math.max(1, bits >> 3));
    for (let row = 0; row < rows; row += 1) {
      const from = at + row * (line + 1) + 1;
      const to = (top + row * down) * width + left;
      spread(raw, from, columns, depth, channels, samples, to, across);
    }
    at += rows * (line + 1);
  }
  return { width, height, channels, indexed: kind === 3, samples, palette };
}

/** RGB bytes, [y, x, rgb], alpha over white as published recognisers take it. */
export function pngRgb({ width, height, channels, indexed, samples, palette }: Png): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 3);
  const shift = samples instanceof Uint16Array ? 8 : 0;
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : -1;
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      const sample = samples[i * channels + (channels > 2 ? c : 0)]!;
      let value = indexed ? (palette?.[sample * 3 + c] ?? 0) : sample >> shift;
      if (alphaAt > 0) {
        const alpha = (samples[i * channels + alphaAt]! >> shift) / 255;
        value = value * alpha + 255 * (1 - alpha);
      }
      out[i * 3 + c] = value;
    }
  }
  return out;
}

function readChunks(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let header: { width: number; height: number; depth: number; kind: number; interlaced: boolean } | undefined;
  let palette: Uint8Array | null = null;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length) throw new RangeError('PNG: cut off');
    if (type === 0x49484452) {
      header = {
        width: view.getUint32(at + 8),
        height: view.getUint32(at + 12),
        depth: bytes[at + 16]!,
        kind: bytes[at + 17]!,
        interlaced: bytes[at + 20] === 1,
      };
    } else if (type === 0x504c5445) palette = body.slice();
    else if (type === 0x49444154) parts.push(body);
    else if (type === 0x49454e44) break;
    at += 12 + length;
  }
  if (!header || parts.length === 0) throw new RangeError('PNG: broken');
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of parts) {
    data.set(part, to);
    to += part.length;
  }
  return { header, palette, data };
}

/** Undoes the filters of `rows` lines in place; a line is a filter byte and `line` bytes. */
function unfilter(raw: Uint8Array, start: number, rows: number, line: number, step: number): void {
  for (let row = 0; row < rows; row += 1) {
    const from = start + row * (line + 1) + 1;
    const filter = raw[from - 1]!;
    if (filter === 0) continue;
    if (filter > 4) throw new RangeError(`PNG: filter ${filter}`);
    const above = from - line - 1;
    for (let i = 0; i < line; i += 1) {
      const a = i >= step ? raw[from + i - step]! : 0;
      const b = row > 0 ? raw[above + i]! : 0;
      const c = row > 0 && i >= step ? raw[above + i - step]! : 0;
      const guess = filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
      raw[from + i] = raw[from + i]! + guess;
    }
  }
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** Lays a line's samples out, `across` pixels apart. */
function spread(
  raw: Uint8Array,
  from: number,
  columns: number,
  depth: number,
  channels: number,
  samples: Uint8Array | Uint16Array,
  to: number,
  across: number,
): void {
  for (let column = 0; column < columns; column += 1) {
    for (let c = 0; c < channels; c += 1) {
      const i = column * channels + c;
      let sample: number;
      if (depth === 8) sample = raw[from + i]!;
      else if (depth === 16) sample = raw[from + 2 * i]! * 256 + raw[from + 2 * i + 1]!;
      else {
        const bit = i * depth;
        sample = (raw[from + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
      }
      samples[(to + column * across) * channels + c] = sample;
    }
  }
}
