/** Two pictures from one noise: the prompt's own, and the edited one. */

import { AttentionRecord } from '../families/diffusion/attention-record.ts';
import { decode } from '../families/diffusion/decode.ts';
import { steerFeeds } from '../families/diffusion/steer-feeds.ts';
import { sampleSteered } from '../families/diffusion/steer-sampler.ts';
import { promptCautions, promptWords, readPrompt } from '../families/prompt.ts';
import { floats } from '../families/session.ts';
import { BlendSum, blendLatents, intersection, union } from '../methods/attention/steer/blend.ts';
import type { Pixels } from '../protocol/image.ts';
import type { PromptReading } from '../protocol/jobs.ts';
import { regionMask } from '../protocol/region.ts';
import type { Edit } from '../protocol/steer.ts';
import type { Mask } from '../tensor/mask.ts';
import { gaussianNoise } from '../world/random.ts';
import { type DiffusionModel, encodePrompts, openDiffusion } from './diffusion-model.ts';
import { freshNoise, modelCautions } from './generate.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { type SteerControl, steerControl, wordAt } from './steer-control.ts';

export const steer: Job<'steer'> = async (params, { runtime, cancellation, report }) => {
  const { edit, steps, guidance, seed } = params;
  const model = await openDiffusion(runtime, params.model);
  const read = (text: string, allowEmpty = false) =>
    readPrompt(text, model.tokenizer, model.rules, { allowEmpty });
  const readings = { source: read(params.prompt), target: read(edit.prompt) };
  const hidden =
    edit.recolour && read(withWord(params.prompt, readings.source, edit.recolour.word, edit.recolour.to));
  cancellation.check();
  const [empty, source, target, other] = await encodePrompts(model, [
    read('', true),
    readings.source,
    readings.target,
    ...(hidden ? [hidden] : []),
  ]);
  const { latentChannels, latentSize } = model.config;
  const grid = { height: latentSize, width: latentSize };
  const size = latentChannels * latentSize * latentSize;
  const control = steerControl(
    edit,
    {
      source: { reading: readings.source, states: source! },
      target: { reading: readings.target, states: target! },
      hidden: hidden && { reading: hidden, states: other! },
    },
    model.instrumented,
    steps,
    grid,
  );
  const watch = new Stopwatch(runtime, steps);
  const latentDims = [latentChannels, latentSize, latentSize] as const;
  const { taps } = model.instrumented;
  const records = [0, 1].map(
    (image) => new AttentionRecord(taps, steps, latentSize, latentSize, { image }),
  ) as [AttentionRecord, AttentionRecord];
  const picture = (latents: Float32Array) =>
    decode(model.decoder, latents, latentDims, model.config.scalingFactor);
  let images: { source: Pixels; target: Pixels } | undefined;
  for await (const step of sampleSteered({
    unet: model.unet,
    scheduler: model.scheduler,
    latentDims,
    noise: gaussianNoise(seed, size),
    fresh: freshNoise(seed, size),
    unconditional: empty!,
    source: source!,
    target: control.text,
    feeds: (index) => steerFeeds(model.instrumented, control.at(index), source!.tokens),
    steps,
    guidance,
    guidanceWidth: model.guidanceWidth,
    capture: taps.map(({ output }) => output),
    ...blending(edit, readings, control, model, grid),
  })) {
    cancellation.check();
    for (const record of records) record.add(step.captured);
    images = { source: await picture(step.source), target: await picture(step.target) };
    await runtime.pause();
    cancellation.check();
    report({ ...watch.advance(), previews: { source: copy(images.source), target: copy(images.target) } });
  }
  if (!images) throw new RangeError('no steps');
  const [first, second] = records;
  return {
    source: { reading: readings.source, image: images.source, attention: first.layers() },
    target: { reading: readings.target, image: images.target, attention: second.layers() },
    account: control.account,
    change: meanDifference(images.source, images.target),
    cautions: [...promptCautions(readings.target, model.rules.limit), ...modelCautions(model)],
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Local blend by a word's map, by a painted region, or by both. */
function blending(
  { blend, within }: Edit,
  readings: { readonly source: PromptReading; readonly target: PromptReading },
  { correspondence: { map } }: SteerControl,
  { instrumented: { taps } }: DiffusionModel,
  { height, width }: { readonly height: number; readonly width: number },
) {
  if (blend === null && within === null) return {};
  const region = within === null ? null : regionMask(within, height, width);
  const tokens = readings.target.tokens.length;
  const positions = blend === null ? [] : wordAt(readings.target, blend).positions;
  const from = Array.from({ length: tokens }, (_, token) => token);
  const counterparts = from.filter((token) =>
    positions.some((position) => map[token * tokens + position] !== 0),
  );
  const sums = [new BlendSum(height, width), new BlendSum(height, width)] as const;
  return {
    blend: (_: number, captured: Parameters<typeof floats>[0]) => {
      let mask: Mask | null = region;
      if (blend !== null) {
        for (const { output } of taps) {
          const { dims, data } = floats(captured, output);
          const size = data.length / 2;
          sums.forEach((sum, image) => {
            const words = image === 0 ? counterparts : positions;
            sum.add(data.subarray(image * size, (image + 1) * size), dims[1]!, dims[3]!, words);
          });
        }
        // A word that the first prompt lacks has no map there.
        const own = sums[1].mask();
        const both = counterparts.length > 0 ? union(sums[0].mask(), own) : own;
        mask = region ? intersection(both, region) : both;
      }
      return (source: Float32Array, target: Float32Array) =>
        mask ? blendLatents(source, target, mask) : target;
    },
  };
}

/** The prompt with one of its words exchanged. */
function withWord(prompt: string, reading: PromptReading, index: number, to: string): string {
  wordAt(reading, index);
  return promptWords(prompt)
    .map((word, at) => (at === index ? to : word))
    .join(' ');
}

/** Mean over pixels and channels, 0 to 1. */
export function meanDifference(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  // The opaque alpha counts among the four bytes and never differs.
  return sum / (a.width * a.height * 3 * 255);
}

function copy(image: Pixels): Pixels {
  return { ...image, data: image.data.slice() };
}
