/** Pictures of the fixed prompts, by the defaults of the page. */

import { AttentionRecord } from '../families/diffusion/attention-record.ts';
import { decode } from '../families/diffusion/decode.ts';
import { type SamplePlan, sample } from '../families/diffusion/sampler.ts';
import { readPrompt } from '../families/prompt.ts';
import { openDiffusion } from '../jobs/diffusion-model.ts';
import { planSampling } from '../jobs/generate.ts';
import type { Runtime } from '../jobs/runtime.ts';
import type { Pixels } from '../protocol/image.ts';
import type { LayerAttention, PromptReading } from '../protocol/jobs.ts';
import { FIXED_PROMPTS, type FixedPrompt } from './prompts.ts';

export const DIFFUSION = 'scene-diffusion';
/** Steps and guidance of every picture that is judged. */
export const SETTINGS = { steps: 25, guidance: 4 };

export interface Wish {
  readonly text: string;
  readonly seed: number;
}

export interface Trajectory {
  readonly plan: SamplePlan;
  readonly reading: PromptReading;
  readonly image: Pixels;
  /** What went into the U-Net at every step. */
  readonly steps: readonly { readonly timestep: number; readonly latents: Float32Array }[];
  readonly attention: readonly LayerAttention[];
}

/** One generation of the trained model with everything that the attention suite looks at. */
export async function generateFixed(runtime: Runtime, prompt: Wish): Promise<Trajectory> {
  const model = await openDiffusion(runtime, DIFFUSION);
  const reading = readPrompt(prompt.text, model.tokenizer, model.rules);
  const plan = await planSampling(model, reading, { ...SETTINGS, seed: prompt.seed });
  const [, height, width] = plan.latentDims;
  const record = new AttentionRecord(model.instrumented.taps, SETTINGS.steps, height, width);
  const steps: { timestep: number; latents: Float32Array }[] = [];
  let clean = plan.noise;
  for await (const step of sample(plan)) {
    record.add(step.captured);
    steps.push({ timestep: step.timestep, latents: step.latents });
    clean = step.clean;
  }
  const image = await decode(model.decoder, clean, plan.latentDims, model.config.scalingFactor);
  return { plan, reading, image, steps, attention: record.layers() };
}

/** A picture with nothing else kept, by the defaults of the page. */
export async function generatePicture(runtime: Runtime, { text, seed }: Wish): Promise<Pixels> {
  const model = await openDiffusion(runtime, DIFFUSION);
  const reading = readPrompt(text, model.tokenizer, model.rules);
  const plan = { ...(await planSampling(model, reading, { ...SETTINGS, seed })), capture: [] };
  let clean = plan.noise;
  for await (const step of sample(plan)) clean = step.clean;
  return decode(model.decoder, clean, plan.latentDims, model.config.scalingFactor);
}

/** The pictures of the first `count` fixed prompts, in their order. */
export async function fixedPictures(
  runtime: Runtime,
  say: (line: string) => void,
  count: number,
): Promise<readonly { readonly prompt: FixedPrompt; readonly image: Pixels }[]> {
  const all: { readonly prompt: FixedPrompt; readonly image: Pixels }[] = [];
  const wanted = FIXED_PROMPTS.slice(0, count);
  for (const prompt of wanted) {
    all.push({ prompt, image: await generatePicture(runtime, prompt) });
    if (all.length % 20 === 0) say(`${DIFFUSION}: ${all.length} of ${wanted.length} pictures`);
  }
  return all;
}
