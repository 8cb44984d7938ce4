/**
 * How strongly a picture is to follow its words. Most U-Nets run twice, with the words and without, and the two are drawn apart; one that
 * was distilled from that (latent consistency models) is told the scale by an input and runs once.
 */

import type { ModelIndex } from '../../onnx/model-index.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { Value } from '../session.ts';

/** diffusers' name for the input of a distilled U-Net, [batch, width]. */
export const GUIDANCE_INPUT = 'timestep_cond';

/**
 * Sine and cosine of 1000 (scale - 1) at `width` / 2 frequencies that fall from 1 to 1e-4, as diffusers' `get_guidance_scale_embedding`
 * has them (Ho and Salimans' w = scale - 1, after Song et al., 2023): all sines, then all cosines; an odd width ends in a zero.
 */
export function guidanceEmbedding(scale: number, width: number): Float32Array {
  const half = width >> 1;
  const embedding = new Float32Array(width);
  for (let i = 0; i < half; i++) {
    const angle = 1000 * (scale - 1) * Math.exp((-Math.log(10_000) * i) / (half - 1));
    embedding[i] = Math.sin(angle);
    embedding[half + i] = Math.cos(angle);
  }
  return embedding;
}

/** What is fed to a U-Net of `width` for each of `rows`; nothing to one that has no such input, whose width is null. */
export function guidanceFeeds(
  width: number | null,
  scale: number,
  rows: number,
): Readonly<Record<string, Value>> {
  if (width === null) return {};
  const one = guidanceEmbedding(scale, width);
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) data.set(one, row * width);
  return { [GUIDANCE_INPUT]: { type: 'float32', dims: [rows, width], data } };
}

/**
 * Width of a U-Net's guidance input, from its file or else from its config; null for one without. Throws `model-corrupt` where neither
 * tells.
 */
export function guidanceWidth(model: ModelIndex, config: unknown): number | null {
  const input = model.inputs.find(({ name }) => name === GUIDANCE_INPUT);
  if (!input) return null;
  const stated = input.dims?.at(-1);
  const width = typeof stated === 'number' ? stated : configured(config);
  if (Number.isInteger(width) && width >= 4) return width;
  throw new VitrineError('model-corrupt', 'config: unet.time_cond_proj_dim is missing or too small', {
    file: 'config',
  });
}

/** The U-Net's own field of a pipeline's config; NaN where there is none. */
function configured(json: unknown): number {
  if (typeof json !== 'object' || json === null || !('unet' in json)) return Number.NaN;
  const { unet } = json;
  if (typeof unet !== 'object' || unet === null || !('time_cond_proj_dim' in unet)) return Number.NaN;
  return Number(unet.time_cond_proj_dim);
}
