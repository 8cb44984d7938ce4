/** Few-step sampling of a latent consistency model (Luo et al., 2023), as diffusers' `LCMScheduler` computes it. */

import { cumulativeAlphas } from './ddim.ts';
import type { FreshNoise, SchedulerConfig, SchedulerRun } from './schedule.ts';

/** Spread of clean latents that the boundary condition supposes. */
const SIGMA_DATA = 0.5;

export function startLcm(config: SchedulerConfig, steps: number, fresh: FreshNoise): SchedulerRun {
  const alphas = cumulativeAlphas(config);
  const timesteps = lcmTimesteps(config, steps);
  return {
    timesteps,
    initialScale: 1,
    input: (_, latents) => latents,
    step(index, latents, prediction) {
      if (latents.length !== prediction.length) {
        throw new RangeError(`${latents.length} latents but a prediction of ${prediction.length}`);
      }
      const timestep = timesteps[index]!;
      const alpha = alphas[timestep]!;
      const [signal, sigma] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
      const scaled = timestep * config.timestepScaling;
      const skip = SIGMA_DATA ** 2 / (scaled ** 2 + SIGMA_DATA ** 2);
      const out = scaled / Math.sqrt(scaled ** 2 + SIGMA_DATA ** 2);
      const limit = config.clip ?? Number.POSITIVE_INFINITY;
      const clean = new Float32Array(latents.length);
      for (let i = 0; i < latents.length; i++) {
        const x = latents[i]!;
        const predicted = prediction[i]!;
        let x0 = predicted;
        if (config.prediction === 'epsilon') x0 = (x - sigma * predicted) / signal;
        else if (config.prediction === 'v_prediction') x0 = signal * x - sigma * predicted;
        clean[i] = out * Math.min(limit, Math.max(-limit, x0)) + skip * x;
      }
      const after = timesteps[index + 1];
      if (after === undefined) return { clean, next: clean.slice() };
      const noise = fresh(index);
      const [signalAfter, sigmaAfter] = [Math.sqrt(alphas[after]!), Math.sqrt(1 - alphas[after]!)];
      return { clean, next: clean.map((value, i) => signalAfter * value + sigmaAfter * noise[i]!) };
    },
  };
}

/** Every so many of the steps that the model was distilled from, noisiest first. Throws RangeError for more than those. */
function lcmTimesteps({ trainSteps, originalSteps }: SchedulerConfig, steps: number): readonly number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > originalSteps) {
    throw new RangeError(`steps must be an integer from 1 to ${originalSteps}, not ${steps}`);
  }
  const stride = Math.floor(trainSteps / originalSteps);
  return Array.from({ length: steps }, (_, index) => {
    const at = Math.floor((index * originalSteps) / steps);
    return (originalSteps - at) * stride - 1;
  });
}
