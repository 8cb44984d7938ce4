import sharp from 'sharp';
import type { Pixels } from '../protocol/image.ts';

/** Decodes JPEG, WebP and the like, turned as the camera was held, to straight-alpha sRGB. */
export async function decodePicture(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes)
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}
