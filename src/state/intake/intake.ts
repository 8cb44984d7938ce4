import { VitrineError } from '../../protocol/errors.ts';
import type { Pixels } from '../../protocol/image.ts';
import { base64urlLength, fromBase64url, toBase64url } from './base64url.ts';
import { badImage, checkImage, limits } from './check.ts';
import { centreSquare, steps } from './fit.ts';

/** An uploaded picture as everybody sees it: the sender's own run uses the pixels that the link carries. */
export interface IntakeImage {
  /** `size` x `size`, opaque: decoded from `encoded`. */
  readonly pixels: Pixels;
  /** One letter for the type (`w` WebP, `j` JPEG), then base64url. */
  readonly encoded: string;
  /** Size of the file's picture, EXIF rotation applied. */
  readonly original: { readonly width: number; readonly height: number };
}

const types = { w: 'image/webp', j: 'image/jpeg' } as const;
type Prefix = keyof typeof types;

const qualities = [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0] as const;

/** A link holds one picture of a model's size: a larger one in it was put there by hand. */
const linkSide = 1024;

/** Characters of a picture in a link, the type's letter included. */
export const defaultBudget = 6000;

/**
 * Reads PNG, JPEG, WebP, AVIF or GIF (its first picture): shorter side to `size` pixels, centre square, transparency over white,
 * then re-encoded within `budget` characters and decoded again. Throws VitrineError `bad-image` with `detail.reason` (an
 * {@link ImageFault}) before decoding anything larger than the limits.
 */
export async function readImage(file: Blob, size: number, budget = defaultBudget): Promise<IntakeImage> {
  if (file.size > limits.bytes) {
    throw badImage('too-large', `${file.size} bytes`, { bytes: file.size, limit: limits.bytes });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { format } = checkImage(bytes);
  const bitmap = await decode(new Blob([bytes], { type: `image/${format}` }), {
    imageOrientation: 'from-image',
  });
  try {
    const { encoded, blob } = await encodeWithin(square(bitmap, size), budget);
    const original = { width: bitmap.width, height: bitmap.height };
    return { pixels: await pixelsOf(blob), encoded, original };
  } finally {
    bitmap.close();
  }
}

/** A picture of a folder: as {@link readImage} without a link, so nothing is lost to encoding. */
export async function readPixels(file: Blob, size: number): Promise<Pixels> {
  if (file.size > limits.bytes) {
    throw badImage('too-large', `${file.size} bytes`, { bytes: file.size, limit: limits.bytes });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { format } = checkImage(bytes);
  const bitmap = await decode(new Blob([bytes], { type: `image/${format}` }), {
    imageOrientation: 'from-image',
  });
  const canvas = square(bitmap, size);
  bitmap.close();
  const context = canvas.getContext('2d');
  if (!context) throw new VitrineError('memory', 'no canvas');
  const { data } = context.getImageData(0, 0, size, size, { colorSpace: 'srgb' });
  return { width: size, height: size, data: new Uint8ClampedArray(data) };
}

/** The picture of a link, pixel for pixel what its sender's run saw; VitrineError `bad-link` when it cannot be read. */
export async function decodeImage(encoded: string): Promise<Pixels> {
  try {
    const type = types[encoded.slice(0, 1) as Prefix];
    const bytes = type && fromBase64url(encoded.slice(1));
    if (!bytes) throw badImage('undecodable', 'no picture in the link');
    checkImage(bytes, linkSide);
    return await pixelsOf(new Blob([bytes], { type }));
  } catch (error) {
    throw new VitrineError('bad-link', 'the picture of the link cannot be read', { field: 'image' }, error);
  }
}

async function decode(blob: Blob, options: ImageBitmapOptions): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, options);
  } catch (error) {
    throw badImage('undecodable', 'the browser cannot decode it', { type: blob.type }, error);
  }
}

/** Pixels of bytes that were encoded here: untagged sRGB, opaque. */
async function pixelsOf(blob: Blob): Promise<Pixels> {
  const bitmap = await decode(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = surface(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** Centre square of a picture at `size` x `size`, halved step by step. */
function square(bitmap: ImageBitmap, size: number): OffscreenCanvas {
  const { x, y, side } = centreSquare(bitmap.width, bitmap.height);
  let source: CanvasImageSource = bitmap;
  let from = { x, y, side };
  for (const next of steps(side, size)) {
    const context = surface(next, next);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, next, next);
    context.drawImage(source, from.x, from.y, from.side, from.side, 0, 0, next, next);
    source = context.canvas;
    from = { x: 0, y: 0, side: next };
  }
  return source as OffscreenCanvas;
}

/** Falling quality, then falling detail: pure noise does not fit at any quality. */
async function encodeWithin(
  canvas: OffscreenCanvas,
  budget: number,
): Promise<{ readonly encoded: string; readonly blob: Blob }> {
  for (const detail of [1, 2, 4, 8]) {
    const source = detail === 1 ? canvas : blurred(canvas, detail);
    for (const quality of qualities) {
      const blob = await encode(source, quality);
      if (1 + base64urlLength(blob.size) > budget) continue;
      const prefix: Prefix = blob.type === types.w ? 'w' : 'j';
      return { encoded: prefix + toBase64url(new Uint8Array(await blob.arrayBuffer())), blob };
    }
  }
  throw new VitrineError('bad-parameter', `no encoding fits ${budget} characters`, { name: 'budget' });
}

/** WebP where the browser writes it (others answer with PNG), else JPEG. */
async function encode(canvas: OffscreenCanvas, quality: number): Promise<Blob> {
  const blob = await canvas.convertToBlob({ type: types.w, quality });
  return blob.type === types.w ? blob : canvas.convertToBlob({ type: types.j, quality });
}

/** The same size, detail finer than `factor` pixels gone. */
function blurred(canvas: OffscreenCanvas, factor: number): OffscreenCanvas {
  const small = surface(Math.max(1, canvas.width / factor), Math.max(1, canvas.height / factor));
  small.drawImage(canvas, 0, 0, small.canvas.width, small.canvas.height);
  const large = surface(canvas.width, canvas.height);
  large.drawImage(small.canvas, 0, 0, canvas.width, canvas.height);
  return large.canvas;
}

/** A canvas in memory, not on the GPU: its pixels are read back, and are the same on every machine. */
function surface(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new VitrineError('memory', `no canvas of ${width} x ${height} pixels`);
  context.imageSmoothingQuality = 'high';
  return context;
}
