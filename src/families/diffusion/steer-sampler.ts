/**
 * Two pictures denoised side by side from the same noise, batch [uncond source, uncond target, cond source, cond target], so that
 * the target's attention can be the source's inside the graph (Prompt-to-Prompt). Guidance 1, and a U-Net that knows its guidance, still
 * run all four rows: the unconditional ones then count for nothing.
 */

import { floats, type Session, type Value } from '../session.ts';
import { guidanceFeeds } from './guidance.ts';
import { guide, steppedTime, type TextStates } from './sampler.ts';
import type { FreshNoise, SchedulerConfig } from './schedule.ts';
import { startScheduler } from './scheduler.ts';

export interface SteerPlan {
  readonly unet: Session;
  /** The model's own; what it draws anew at a step is the same for both pictures. */
  readonly scheduler: SchedulerConfig;
  readonly fresh: FreshNoise;
  readonly latentDims: readonly [channel: number, y: number, x: number];
  readonly noise: Float32Array;
  readonly unconditional: TextStates;
  readonly source: TextStates;
  /** The target's text at a step, which may change on the way. */
  readonly target: (step: number) => TextStates;
  /** The added inputs of a step. */
  readonly feeds: (step: number) => Readonly<Record<string, Value>>;
  readonly steps: number;
  readonly guidance: number;
  /** As of a `SamplePlan`. */
  readonly guidanceWidth: number | null;
  readonly capture: readonly string[];
  /** The target's latents after a step, given the source's: local blend. Called for the next and for the clean latents. */
  readonly blend?: (
    step: number,
    captured: Readonly<Record<string, Value>>,
  ) => (source: Float32Array, target: Float32Array) => Float32Array;
}

export interface SteerStep {
  readonly index: number;
  /** Clean latents predicted here. */
  readonly source: Float32Array;
  readonly target: Float32Array;
  readonly captured: Readonly<Record<string, Value>>;
}

/** Yields every step after its run. */
export async function* sampleSteered(plan: SteerPlan): AsyncGenerator<SteerStep, void> {
  const { guidance, guidanceWidth, latentDims } = plan;
  const run = startScheduler(plan.scheduler, plan.steps, plan.fresh);
  const size = plan.noise.length;
  const scale = guidanceWidth === null ? guidance : 1;
  const { tokens, width } = plan.source;
  const start = run.initialScale === 1 ? plan.noise : plan.noise.map((value) => value * run.initialScale);
  let latents = { source: start, target: start };
  for (const [index, timestep] of run.timesteps.entries()) {
    const target = plan.target(index);
    if ([target, plan.unconditional].some((text) => text.tokens !== tokens || text.width !== width)) {
      throw new RangeError('all prompts need the same number of tokens');
    }
    const both = join([run.input(index, latents.source), run.input(index, latents.target)]);
    const results = await plan.unet.run(
      {
        ...plan.feeds(index),
        ...guidanceFeeds(guidanceWidth, guidance, 4),
        sample: { type: 'float32', dims: [4, ...latentDims], data: join([both, both]) },
        timestep: steppedTime(timestep, 4),
        encoder_hidden_states: {
          type: 'float32',
          dims: [4, tokens, width],
          data: join([plan.unconditional.data, plan.unconditional.data, plan.source.data, target.data]),
        },
      },
      ['out_sample', ...plan.capture],
    );
    const { out_sample: _, ...captured } = results;
    const prediction = guide(floats(results, 'out_sample').data, 2 * size, scale);
    const source = run.step(index, latents.source, prediction.slice(0, size));
    const own = run.step(index, latents.target, prediction.slice(size));
    const blend = plan.blend?.(index, captured) ?? ((_: Float32Array, second: Float32Array) => second);
    latents = { source: source.next, target: blend(source.next, own.next) };
    // The last step's picture is what the scheduler leaves, which need not be the clean guess.
    const last = index === run.timesteps.length - 1;
    const shown = last ? latents : { source: source.clean, target: blend(source.clean, own.clean) };
    yield { index, ...shown, captured };
  }
}

function join(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
