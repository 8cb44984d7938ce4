/** From a picture to latents. */

import type { Pixels } from '../../protocol/image.ts';
import { resize } from '../../tensor/resize.ts';
import { grid } from '../../tensor/tensor.ts';
import { floats, type Session } from '../session.ts';
import type { DiffusionConfig } from './config.ts';

/**
 * Encodes a picture with the VAE encoder, at `size` x `size`: latents [channel, y, x], scaled as the U-Net reads them. Of an encoder
 * that gives mean and deviation, twice as many channels, the mean.
 */
export async function encodePicture(
  encoder: Session,
  picture: Pixels,
  size: number,
  { scalingFactor, latentChannels }: Pick<DiffusionConfig, 'scalingFactor' | 'latentChannels'>,
): Promise<Float32Array> {
  const planes = new Float32Array(3 * size * size);
  for (let channel = 0; channel < 3; channel++) {
    const values = new Float32Array(picture.width * picture.height);
    for (let i = 0; i < values.length; i++) values[i] = picture.data[4 * i + channel]! / 127.5 - 1;
    const plane = grid(picture.height, picture.width, values);
    const same = picture.width === size && picture.height === size;
    planes.set(same ? values : resize(plane, size, size, 'bicubic').data, channel * size * size);
  }
  const [input = 'sample'] = encoder.inputs;
  const [output = 'latent_sample'] = encoder.outputs;
  const results = await encoder.run(
    { [input]: { type: 'float32', dims: [1, 3, size, size], data: planes } },
    [output],
  );
  const { dims, data } = floats(results, output);
  const [, channels = 0] = dims;
  if (channels !== latentChannels && channels !== 2 * latentChannels) {
    throw new RangeError(`latents of dims [${dims.join(', ')}]`);
  }
  return data.slice(0, (data.length / channels) * latentChannels).map((value) => value * scalingFactor);
}
