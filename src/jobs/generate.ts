/** Text to image, with every attention map of every step, and the run itself as a film. */

import { decode } from '../families/diffusion/decode.ts';
import { type SamplePlan, sample } from '../families/diffusion/sampler.ts';
import type { FreshNoise } from '../families/diffusion/schedule.ts';
import { promptCautions, readPrompt } from '../families/prompt.ts';
import type { Caution, GenerateParams, PromptReading } from '../protocol/jobs.ts';
import { gaussianNoise } from '../world/random.ts';
import { capturePlan } from './capture-plan.ts';
import { type DiffusionModel, encodePrompts, openDiffusion } from './diffusion-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

export const generate: Job<'generate'> = async (params, { runtime, cancellation, report }) => {
  const model = await openDiffusion(runtime, params.model, params.probes?.length ? 'steer' : 'watch');
  const reading = readPrompt(params.prompt, model.tokenizer, model.rules);
  cancellation.check();
  const watch = new Stopwatch(runtime, params.steps);
  const plain = await planSampling(model, reading, params);
  const { plan, record } = await capturePlan(model, plain, params.probes ?? []);
  const picture = (latents: Float32Array) =>
    decode(model.decoder, latents, plan.latentDims, model.config.scalingFactor);
  let image = { width: 0, height: 0, data: new Uint8ClampedArray() };
  for await (const step of sample(plan)) {
    cancellation.check();
    record.add(step);
    // The last step's clean latents are the result. What is reported is given away, hence the copy.
    image = await picture(step.clean);
    // A run on WASM never leaves the thread: without a pause no cancel would be heard.
    await runtime.pause();
    cancellation.check();
    report({ ...watch.advance(), preview: { ...image, data: image.data.slice() } });
  }
  return {
    reading,
    image,
    ...record.finish(),
    cautions: [...promptCautions(reading, model.rules.limit), ...modelCautions(model)],
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** What is not as the model asks for, or not said by it: a scheduler that stands in for another, the size of its pictures. */
export function modelCautions({
  scheduler: { substituted: asked },
  config: { assumed, pictureSize: side },
}: Pick<DiffusionModel, 'scheduler' | 'config'>): Caution[] {
  const cautions: Caution[] = [];
  if (asked !== null) cautions.push({ kind: 'scheduler', asked, used: 'DDIM' });
  if (assumed) cautions.push({ kind: 'assumed-size', side });
  return cautions;
}

/** The stream of the starting noise goes on: step by step what comes after the start. */
export function freshNoise(seed: number, size: number): FreshNoise {
  return (index) => gaussianNoise(seed, (index + 2) * size).subarray((index + 1) * size);
}

/** Everything that the sampler needs for a prompt and a seed. */
export async function planSampling(
  model: DiffusionModel,
  reading: PromptReading,
  { seed, steps, guidance }: Pick<GenerateParams, 'seed' | 'steps' | 'guidance'>,
): Promise<SamplePlan> {
  const empty = readPrompt('', model.tokenizer, model.rules, { allowEmpty: true });
  const [unconditional, conditional] = await encodePrompts(model, [empty, reading]);
  const { latentChannels, latentSize } = model.config;
  const size = latentChannels * latentSize * latentSize;
  return {
    unet: model.unet,
    scheduler: model.scheduler,
    latentDims: [latentChannels, latentSize, latentSize],
    noise: gaussianNoise(seed, size),
    fresh: freshNoise(seed, size),
    conditional: conditional!,
    unconditional: unconditional!,
    steps,
    guidance,
    guidanceWidth: model.guidanceWidth,
    capture: model.instrumented.taps.map(({ output }) => output),
  };
}
