import type { Pixels } from '../protocol/image.ts';
import { crc32 } from './crc32.ts';
import { encodeUtf8 } from './utf8.ts';
import { zlibStored } from './zlib.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * An animated PNG (PNG third edition, `acTL`, `fcTL`, `fdAT`) of opaque frames of one size, repeated for ever; `delayMs` of each
 * frame, the last of which stays `holdMs`. Viewers that do not animate show the first frame. Throws RangeError for no frames, or
 * frames of different size.
 */
export function encodeApng(
  frames: readonly Pixels[],
  delayMs: number,
  holdMs = delayMs,
): Uint8Array<ArrayBuffer> {
  const first = frames[0];
  if (!first) throw new RangeError('film: no frames');
  const { width, height } = first;
  const parts: Uint8Array[] = [Uint8Array.from(SIGNATURE)];
  // 8 bits a channel, colour type 2 (red, green, blue).
  parts.push(chunk('IHDR', [word(width), word(height), Uint8Array.of(8, 2, 0, 0, 0)]));
  parts.push(chunk('acTL', [word(frames.length), word(0)]));
  let sequence = 0;
  for (const [index, frame] of frames.entries()) {
    if (frame.width !== width || frame.height !== height) {
      throw new RangeError(
        `film: frame ${index} is ${frame.width} x ${frame.height}, not ${width} x ${height}`,
      );
    }
    const delay = Math.round(index === frames.length - 1 ? holdMs : delayMs);
    const control = [word(sequence++), word(width), word(height), word(0), word(0), half(delay), half(1000)];
    parts.push(chunk('fcTL', [...control, Uint8Array.of(0, 0)]));
    const data = zlibStored(scanLines(frame));
    parts.push(index === 0 ? chunk('IDAT', [data]) : chunk('fdAT', [word(sequence++), data]));
  }
  parts.push(chunk('IEND', []));
  return join(parts);
}

/** Each row: filter type 0, then its pixels. */
function scanLines({ width, height, data }: Pixels): Uint8Array {
  const stride = 1 + 3 * width;
  const lines = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      lines.set(data.subarray(from, from + 3), y * stride + 1 + 3 * x);
    }
  }
  return lines;
}

function chunk(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const body = join([encodeUtf8(type), ...parts]);
  return join([word(body.length - 4), body, word(crc32(body))]);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function half(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 255, value & 255);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
