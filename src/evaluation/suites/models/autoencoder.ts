/** Held-out scenes through the autoencoder of the diffusion model: what no generated picture can be better than. */

import { decode } from '../../../families/diffusion/decode.ts';
import { floats } from '../../../families/session.ts';
import { openPlain } from '../../../jobs/open.ts';
import type { Runtime } from '../../../jobs/runtime.ts';
import { scenePixels } from '../../../jobs/scenes.ts';
import type { Pixels } from '../../../protocol/image.ts';
import { type Drawing, drawScene } from '../../../world/draw.ts';
import { sampleScene } from '../../../world/scene.ts';
import { DIFFUSION } from '../../generated.ts';
import type { Finding } from '../../table.ts';

/** Pixels a side of the world that the models were trained on. */
export const SIZE = 128;
const FIRST_SEED = 63_000_000;

/** The held-out scenes that reconstructions are scored on. */
export function heldOutDrawings(count: number): readonly Drawing[] {
  return Array.from({ length: count }, (_, i) => drawScene(sampleScene(FIRST_SEED + i), SIZE));
}

/** Encodes and decodes every drawing. */
export async function reconstruct(
  runtime: Runtime,
  drawings: readonly Drawing[],
): Promise<readonly Pixels[]> {
  const encoder = await openPlain(runtime, DIFFUSION, 'vae_encoder');
  const decoder = await openPlain(runtime, DIFFUSION, 'vae_decoder');
  const pictures: Pixels[] = [];
  for (const { rgb, size } of drawings) {
    const planes = new Float32Array(rgb.length);
    rgb.forEach((value, at) => {
      planes[(at % 3) * size * size + Math.floor(at / 3)] = value / 127.5 - 1;
    });
    const sample = { type: 'float32', dims: [1, 3, size, size], data: planes } as const;
    const { dims, data } = floats(await encoder.run({ sample }, ['latent_sample']), 'latent_sample');
    // The encoder's latents are not scaled yet.
    pictures.push(await decode(decoder, data, [dims[1]!, dims[2]!, dims[3]!], 1));
  }
  return pictures;
}

export async function autoencoderFinding(runtime: Runtime, count: number): Promise<Finding> {
  const drawings = heldOutDrawings(count);
  const pictures = await reconstruct(runtime, drawings);
  const value = peakSignalToNoise(
    drawings.map((drawing) => scenePixels(drawing)),
    pictures,
  );
  return {
    name: `${DIFFUSION}: autoencoder, peak signal to noise`,
    value,
    unit: 'decibels',
    bar: { is: 'at least', value: 30 },
    note: `of the mean square error over ${count} held-out scenes`,
  };
}

/** 10 log10(255^2 / mean square error) over all pictures together, alpha left out. Infinity for equal pictures. */
export function peakSignalToNoise(truth: readonly Pixels[], pictures: readonly Pixels[]): number {
  let squares = 0;
  let count = 0;
  truth.forEach(({ data }, i) => {
    data.forEach((value, at) => {
      if (at % 4 === 3) return;
      squares += (pictures[i]!.data[at]! - value) ** 2;
      count++;
    });
  });
  return 10 * Math.log10(255 ** 2 / (squares / count));
}
