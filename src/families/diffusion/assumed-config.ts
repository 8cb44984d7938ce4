/**
 * The sizes of a text-to-image model whose folder does not say them: early exports of Stable Diffusion came without their configs. What
 * the U-Net's file states counts; the rest is what Stable Diffusion 1 and 2 have.
 */

import type { ModelIndex } from '../../onnx/model-index.ts';

/** Of the autoencoder of Stable Diffusion 1 and 2: 8 pixels a latent, deviation 1 / 0.18215. */
const AUTOENCODER = { scaling_factor: 0.18215, block_out_channels: [128, 256, 512, 512] };

/** Side of the latents of 512 and of 768 pixels; only Stable Diffusion 2's larger checkpoints predict velocities. */
const LATENTS = { epsilon: 64, v_prediction: 96 } as const;

/**
 * As `readDiffusionConfig` reads it. `given` has the configs that the folder has; `unet` is null where the file is too large to be looked
 * into. `assumed` in the result says that something was filled in.
 */
export function assumedConfig(
  unet: ModelIndex | null,
  given: { readonly unet?: unknown; readonly vae?: unknown; readonly scheduler?: unknown },
): Readonly<Record<string, unknown>> {
  const dims = unet?.inputs.find(({ name }) => name === 'sample')?.dims ?? [];
  const [, channels, height] = dims;
  const kind = predictsVelocities(given.scheduler) ? 'v_prediction' : 'epsilon';
  return {
    unet: given.unet ?? {
      in_channels: typeof channels === 'number' ? channels : 4,
      sample_size: typeof height === 'number' ? height : LATENTS[kind],
    },
    vae: given.vae ?? AUTOENCODER,
    assumed: given.unet === undefined || given.vae === undefined,
  };
}

function predictsVelocities(scheduler: unknown): boolean {
  return (
    typeof scheduler === 'object' &&
    scheduler !== null &&
    'prediction_type' in scheduler &&
    scheduler.prediction_type === 'v_prediction'
  );
}
