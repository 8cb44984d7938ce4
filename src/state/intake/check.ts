import { VitrineError } from '../../protocol/errors.ts';
import { type ImageHeader, readHeader } from './header.ts';

/** What a picture may be before it is decoded: decoding takes four bytes a pixel. */
export const limits = { side: 16_384, pixels: 64_000_000, bytes: 64_000_000 } as const;

/** Why a file is refused; the `reason` of a `bad-image` error's detail. */
export type ImageFault = 'empty' | 'not-an-image' | 'truncated' | 'too-large' | 'undecodable';

export function badImage(
  reason: ImageFault,
  message: string,
  detail: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): VitrineError {
  return new VitrineError('bad-image', message, { reason, ...detail }, cause);
}

/** Header of an image that is whole and within `side` pixels a side; else VitrineError `bad-image`. */
export function checkImage(bytes: Uint8Array, side: number = limits.side): ImageHeader {
  if (bytes.length === 0) throw badImage('empty', 'the file is empty');
  const header = readHeader(bytes);
  if (header === 'unknown') throw badImage('not-an-image', 'no PNG, JPEG, WebP, AVIF or GIF');
  if (header === 'truncated') throw badImage('truncated', 'the file ends inside of its header');
  const { format, width, height, complete } = header;
  // Large before truncated: the size is the visitor's clearer hint.
  if (width > side || height > side || width * height > limits.pixels) {
    throw badImage('too-large', `${width} x ${height} pixels`, {
      format,
      width,
      height,
      side,
      pixels: limits.pixels,
    });
  }
  if (width === 0 || height === 0) throw badImage('undecodable', 'an image without pixels', { format });
  if (!complete) throw badImage('truncated', 'the file ends before its image does', { format });
  return header;
}
