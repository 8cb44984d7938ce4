/** What a text-to-image model is usually sampled with, as its scheduler's config tells: its page's settings begin there. */

import type { Sampling } from '../../protocol/library.ts';

/** diffusers' own for a plain model. */
const PLAIN: Sampling = { steps: 25, guidance: 7.5 };
/** Adversarially distilled (Turbo): one step, no guidance. Only such models come with noise that ends at the very end of the schedule. */
const TURBO: Sampling = { steps: 1, guidance: 1 };
/** Latent consistency: four steps; told its guidance, or having it learnt once and for all. */
const CONSISTENT = { steps: 4, told: 8.5, learnt: 1 };

/** Null for a config that is not understood, which is said when the model is used. `unet` is the U-Net's. */
export function usualSampling(scheduler: unknown, unet: unknown): Sampling | null {
  if (typeof scheduler !== 'object' || scheduler === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...scheduler };
  if (fields._class_name === 'LCMScheduler') {
    const { steps, told, learnt } = CONSISTENT;
    return { steps, guidance: isTold(unet) ? told : learnt };
  }
  // Schedules that were rescaled to end in pure noise are spaced alike, for another reason.
  const toTheEnd = fields.timestep_spacing === 'trailing' && fields.rescale_betas_zero_snr !== true;
  return toTheEnd && fields.prediction_type !== 'v_prediction' ? TURBO : PLAIN;
}

function isTold(unet: unknown): boolean {
  const width =
    typeof unet === 'object' && unet !== null && 'time_cond_proj_dim' in unet
      ? unet.time_cond_proj_dim
      : null;
  return typeof width === 'number';
}
