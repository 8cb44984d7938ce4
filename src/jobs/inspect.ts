/** Where the words of a prompt look in a given picture: by noising it, or by DDIM inversion. */

import { cumulativeAlphas, ddimStep, ddimTimesteps } from '../families/diffusion/ddim.ts';
import { decode } from '../families/diffusion/decode.ts';
import { encodePicture } from '../families/diffusion/encode.ts';
import { inverseStep, noised, predictedNoise } from '../families/diffusion/inversion.ts';
import { denoise } from '../families/diffusion/sampler.ts';
import { promptCautions, readPrompt } from '../families/prompt.ts';
import { capturePlan } from './capture-plan.ts';
import { openDiffusion } from './diffusion-model.ts';
import { sourcePixels } from './explain.ts';
import { planSampling } from './generate.ts';
import { openPlain } from './open.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { meanDifference } from './steer.ts';

/** Evaluations a step of an inversion: the first guesses, the others close in on the fixed point. */
const INVERSION_ROUNDS = 3;

export const inspect: Job<'inspect'> = async (params, { runtime, cancellation, report }) => {
  const model = await openDiffusion(runtime, params.model, params.probes?.length ? 'steer' : 'watch');
  const reading = readPrompt(params.prompt, model.tokenizer, model.rules);
  const encoder = await openPlain(runtime, params.model, 'vae_encoder');
  cancellation.check();
  const { pictureSize, scalingFactor } = model.config;
  const image = sourcePixels(params.image, pictureSize);
  const clean = await encodePicture(encoder, image, pictureSize, model.config);
  const plain = await planSampling(model, reading, { ...params, guidance: 1 });
  const alphas = cumulativeAlphas(model.scheduler);
  const all = ddimTimesteps(model.scheduler, params.steps);
  // The noisiest of a run's steps are left out; one is always left in.
  const timesteps = all.slice(Math.min(all.length - 1, Math.round((1 - params.noise) * all.length)));
  const { plan, record } = await capturePlan(model, plain, params.probes ?? [], timesteps);
  const picture = (latents: Float32Array) => decode(model.decoder, latents, plan.latentDims, scalingFactor);
  const inverted = params.by === 'inversion';
  const watch = new Stopwatch(runtime, inverted ? 2 * timesteps.length : timesteps.length);
  const rest = async (): Promise<void> => {
    await runtime.pause();
    cancellation.check();
  };

  /** What each step looks at, noisiest first. */
  const seen = inverted
    ? await invert()
    : timesteps.map((timestep) => noised(clean, plan.noise, alphas[timestep]!));
  let guess = clean;
  let latents = seen[0]!;
  for (const [index, timestep] of timesteps.entries()) {
    if (!inverted) latents = seen[index]!;
    const capture = [...plan.capture, ...(plan.captureAt?.(index) ?? [])];
    const { prediction, captured } = await denoise({ ...plan, capture }, latents, timestep);
    const step = ddimStep(model.scheduler, alphas, { timestep, steps: params.steps }, latents, prediction);
    record.add({ index, timestep, latents, clean: step.clean, captured });
    // Fresh noise: the first, noisiest guess tells most. An inversion goes on from its own latents.
    if (inverted || index === 0) guess = step.clean;
    latents = step.next;
    await rest();
    report({ ...watch.advance(), preview: await picture(step.clean) });
  }
  const reconstruction = await picture(guess);
  return {
    reading,
    image,
    reconstruction,
    error: meanDifference(await picture(clean), reconstruction),
    ...record.finish(),
    cautions: promptCautions(reading, model.rules.limit),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };

  async function invert(): Promise<readonly Float32Array[]> {
    let latents = clean;
    let from = 1;
    const found: Float32Array[] = [];
    for (const timestep of [...timesteps].reverse()) {
      const to = alphas[timestep]!;
      let next = latents;
      for (let round = 0; round < INVERSION_ROUNDS; round++) {
        const { prediction } = await denoise({ ...plan, capture: [] }, next, timestep);
        next = inverseStep(latents, predictedNoise(model.scheduler, next, prediction, to), from, to);
        await rest();
      }
      latents = next;
      from = to;
      found.unshift(latents);
      report(watch.advance());
    }
    return found;
  }
};
