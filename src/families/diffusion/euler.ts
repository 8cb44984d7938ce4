/**
 * Euler's method on the noise level (Karras et al., 2022), plain or ancestral, as diffusers' `EulerDiscreteScheduler` and
 * `EulerAncestralDiscreteScheduler` compute it. The level is sigma = sqrt((1 - a) / a) of signal power a; latents are signal + sigma * noise.
 */

import { cumulativeAlphas, type DdimConfig, ddimTimesteps } from './ddim.ts';
import type { FreshNoise, SchedulerRun } from './schedule.ts';

/** With `fresh`, a part of the noise is drawn anew at every step (ancestral). */
export function startEuler(config: DdimConfig, steps: number, fresh: FreshNoise | null): SchedulerRun {
  const timesteps = eulerTimesteps(config, steps);
  const levels = noiseLevels(config);
  const sigmas = [...timesteps.map((timestep) => interpolate(levels, timestep)), 0];
  const largest = Math.max(...sigmas);
  return {
    timesteps,
    initialScale: config.spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    input: (index, latents) => {
      const scale = Math.sqrt(sigmas[index]! ** 2 + 1);
      return latents.map((value) => value / scale);
    },
    step(index, latents, prediction) {
      if (latents.length !== prediction.length) {
        throw new RangeError(`${latents.length} latents but a prediction of ${prediction.length}`);
      }
      const sigma = sigmas[index]!;
      const after = sigmas[index + 1]!;
      const renewed = fresh ? Math.sqrt((after ** 2 * (sigma ** 2 - after ** 2)) / sigma ** 2) : 0;
      const down = Math.sqrt(after ** 2 - renewed ** 2);
      const noise = fresh && renewed > 0 ? fresh(index) : null;
      const clean = new Float32Array(latents.length);
      const next = new Float32Array(latents.length);
      for (let i = 0; i < latents.length; i++) {
        const x = latents[i]!;
        const x0 = predictClean(config.prediction, x, prediction[i]!, sigma);
        clean[i] = x0;
        next[i] = x + ((x - x0) / sigma) * (down - sigma) + renewed * (noise?.[i] ?? 0);
      }
      return { clean, next };
    },
  };
}

function predictClean(kind: DdimConfig['prediction'], x: number, out: number, sigma: number): number {
  if (kind === 'epsilon') return x - sigma * out;
  if (kind === 'sample') return out;
  return (-out * sigma) / Math.sqrt(sigma ** 2 + 1) + x / (sigma ** 2 + 1);
}

/** As DDIM's, except that an even spacing is not rounded to whole training steps. */
function eulerTimesteps(config: DdimConfig, steps: number): readonly number[] {
  const whole = ddimTimesteps(config, steps);
  if (config.spacing !== 'linspace') return whole;
  const last = config.trainSteps - 1;
  return whole.map((_, index) => (steps > 1 ? last - (index * last) / (steps - 1) : 0));
}

/** Sigma of every training step. */
function noiseLevels(config: DdimConfig): Float64Array {
  const alphas = cumulativeAlphas(config);
  // Pure noise would be an infinite level: diffusers puts 2^-24 in its place.
  return Float64Array.from(alphas, (alpha) => {
    const power = Math.max(alpha, 2 ** -24);
    return Math.sqrt((1 - power) / power);
  });
}

function interpolate(levels: Float64Array, at: number): number {
  const below = Math.floor(at);
  const low = levels[below]!;
  const high = levels[Math.min(below + 1, levels.length - 1)]!;
  return low + (high - low) * (at - below);
}
