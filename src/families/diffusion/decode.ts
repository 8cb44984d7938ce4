/** From latents to a picture. */

import type { Pixels } from '../../protocol/image.ts';
import { floats, type Session } from '../session.ts';

/** Decodes [channel, y, x] latents of one picture with the VAE decoder. */
export async function decode(
  decoder: Session,
  latents: Float32Array,
  latentDims: readonly [channel: number, y: number, x: number],
  scalingFactor: number,
): Promise<Pixels> {
  const scaled = latents.map((value) => value / scalingFactor);
  const [input = 'latent_sample'] = decoder.inputs;
  const [output = 'sample'] = decoder.outputs;
  const results = await decoder.run(
    { [input]: { type: 'float32', dims: [1, ...latentDims], data: scaled } },
    [output],
  );
  const { dims, data } = floats(results, output);
  const [, channels, height, width] = dims;
  if (channels !== 3 || !height || !width) throw new RangeError(`a picture of dims [${dims.join(', ')}]`);
  return planesToPixels(data, width, height);
}

/** [channel, y, x] in -1 to 1, clamped, as opaque 8-bit pixels. */
export function planesToPixels(planes: Float32Array, width: number, height: number): Pixels {
  const plane = width * height;
  const data = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      // The clamped array rounds to nearest and cuts at 0 and 255.
      data[i * 4 + channel] = (planes[channel * plane + i]! + 1) * 127.5;
    }
    data[i * 4 + 3] = 255;
  }
  return { width, height, data };
}
