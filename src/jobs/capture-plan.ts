/** A sampling plan that captures everything, and the record that everything goes into. */

import { AttentionRecord, CROSS_BUDGET } from '../families/diffusion/attention-record.ts';
import { cumulativeAlphas } from '../families/diffusion/ddim.ts';
import { probeFeeds, splitProbes, withProbes } from '../families/diffusion/probes.ts';
import { ProductRecord } from '../families/diffusion/product-record.ts';
import type { SamplePlan, SampleStep } from '../families/diffusion/sampler.ts';
import { startScheduler } from '../families/diffusion/scheduler.ts';
import { SELF_BUDGET, SelfRecord } from '../families/diffusion/self-record.ts';
import { readPrompt } from '../families/prompt.ts';
import { floats, type Value } from '../families/session.ts';
import type { Capture } from '../protocol/capture.ts';
import type { LayerAttention, PromptWord } from '../protocol/jobs.ts';
import { type DiffusionModel, encodePrompts } from './diffusion-model.ts';

export interface CaptureRecord {
  add(step: SampleStep): void;
  finish(): Capture & { readonly attention: readonly LayerAttention[] };
}

/** Steps run in the plan's order; `timesteps` names others than the whole of a sampler's run. */
export async function capturePlan(
  model: DiffusionModel,
  plain: SamplePlan,
  probeWords: readonly string[],
  timesteps: readonly number[] = startScheduler(plain.scheduler, plain.steps, plain.fresh).timesteps,
): Promise<{ readonly plan: SamplePlan; readonly record: CaptureRecord }> {
  const { taps, selfTaps } = model.instrumented;
  const { words, states } = await readProbes(model, probeWords);
  const { tokens } = plain.conditional;
  const steps = timesteps.length;
  const [channels, height, width] = plain.latentDims;
  const cross = new AttentionRecord(taps, steps, height, width);
  const probes = new AttentionRecord(taps, steps, height, width);
  const self = new SelfRecord(selfTaps, steps, height, width);
  const products = new ProductRecord(taps, height, width);
  const probed = words.length > 0;
  const plan: SamplePlan = {
    ...plain,
    conditional: withProbes(plain.conditional, states),
    unconditional: withProbes(plain.unconditional, states),
    capture: taps.flatMap((tap) => [probed ? tap.original : tap.output, tap.products]),
    captureAt: (step) => self.outputs(step),
    ...(probed && { feeds: () => probeFeeds(model.instrumented, tokens, words.length) }),
  };
  const size = channels * height * width;
  const latents = new Float32Array((steps + 1) * size);
  const record: CaptureRecord = {
    add: ({ index, captured, latents: noisy, clean }) => {
      latents.set(noisy, index * size);
      latents.set(clean, (index + 1) * size);
      if (probed) {
        const split = taps.map((tap) => ({ tap, ...splitProbes(floats(captured, tap.original), tokens) }));
        const named = (part: 'prompt' | 'probes'): Record<string, Value> =>
          Object.fromEntries(split.map((parts) => [parts.tap.output, parts[part]]));
        cross.add(named('prompt'));
        probes.add(named('probes'));
      } else cross.add(captured);
      self.add(index, captured);
      products.add(captured);
    },
    finish: () => {
      const alphas = cumulativeAlphas(plain.scheduler);
      return {
        attention: cross.layers(),
        probeAttention: probed ? probes.layers() : [],
        probes: words,
        self: self.layers(),
        products: products.layers(),
        film: {
          latentDims: plain.latentDims,
          latents,
          signal: [...timesteps.map((timestep) => alphas[Math.round(timestep)] ?? Number.NaN), 1],
        },
        memory: { budget: SELF_BUDGET, used: self.bytes },
        crossMemory: { budget: CROSS_BUDGET, used: cross.bytes, thinning: cross.thinning },
      };
    },
  };
  return { plan, record };
}

/** Each probe read on its own; its state is that of its last token, which has seen all of it. */
async function readProbes(
  model: DiffusionModel,
  probes: readonly string[],
): Promise<{ readonly words: readonly PromptWord[]; readonly states: readonly Float32Array[] }> {
  const readings = probes.map((probe) => readPrompt(probe, model.tokenizer, model.rules));
  if (readings.length === 0) return { words: [], states: [] };
  const texts = await encodePrompts(model, readings);
  const states = texts.map(({ data, width }, index) => {
    const position = readings[index]!.words.at(-1)?.positions.at(-1) ?? 0;
    return data.slice(position * width, (position + 1) * width);
  });
  const words = readings.map(({ words: read }, index) => ({
    text: probes[index]!,
    positions: [index],
    known: read.every(({ known }) => known),
  }));
  return { words, states };
}
