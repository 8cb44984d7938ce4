/**
 * Text-to-image denoising with classifier-free guidance. One run of the U-Net a step, batch [uncond, cond]; guidance 1, or a U-Net
 * that was distilled to know its guidance, leaves the unconditional half out. Whatever else is fetched from the run (attention maps) is handed on untouched.
 */

import { floats, type Session, type Value } from '../session.ts';
import { guidanceFeeds } from './guidance.ts';
import type { FreshNoise, SchedulerConfig } from './schedule.ts';
import { startScheduler } from './scheduler.ts';

export interface SamplePlan {
  readonly unet: Session;
  readonly scheduler: SchedulerConfig;
  /** [channel, y, x] of the latents. */
  readonly latentDims: readonly [channel: number, y: number, x: number];
  /** Standard normal, as many as the latents. */
  readonly noise: Float32Array;
  /** Noise of the schedulers that draw some at every step. */
  readonly fresh: FreshNoise;
  readonly conditional: TextStates;
  readonly unconditional: TextStates;
  readonly steps: number;
  readonly guidance: number;
  /** Width of the input that tells a distilled U-Net its guidance; null where guidance takes an unconditional half. */
  readonly guidanceWidth: number | null;
  /** Further outputs of the U-Net to fetch at every step. */
  readonly capture: readonly string[];
  /** Those of some steps only. */
  readonly captureAt?: (step: number) => readonly string[];
  /** Inputs added to the U-Net that are fed at every step, for a batch of so many rows. */
  readonly feeds?: (rows: number) => Readonly<Record<string, Value>>;
}

/** States of one prompt, [token, width]. */
export interface TextStates {
  readonly tokens: number;
  readonly width: number;
  readonly data: Float32Array;
}

export interface SampleStep {
  /** From 0. */
  readonly index: number;
  readonly timestep: number;
  /** What went into the U-Net. */
  readonly latents: Float32Array;
  /** The clean latents predicted here; of the last step the picture, as its scheduler leaves it. */
  readonly clean: Float32Array;
  readonly captured: Readonly<Record<string, Value>>;
}

/** Yields every step after its run; the caller decides between steps whether to go on. */
export async function* sample(plan: SamplePlan): AsyncGenerator<SampleStep, Float32Array> {
  const run = startScheduler(plan.scheduler, plan.steps, plan.fresh);
  let latents = run.initialScale === 1 ? plan.noise : plan.noise.map((value) => value * run.initialScale);
  for (const [index, timestep] of run.timesteps.entries()) {
    const input = run.input(index, latents);
    const capture = plan.captureAt ? [...plan.capture, ...plan.captureAt(index)] : plan.capture;
    const { prediction, captured } = await denoise({ ...plan, capture }, input, timestep);
    const { clean, next } = run.step(index, latents, prediction);
    latents = next;
    const last = index === run.timesteps.length - 1;
    yield { index, timestep, latents: input, clean: last ? next : clean, captured };
  }
  return latents;
}

/** One run of the U-Net on given latents: the guided prediction and the captured outputs. */
export async function denoise(
  plan: Omit<SamplePlan, 'noise' | 'fresh' | 'scheduler' | 'steps' | 'captureAt'>,
  latents: Float32Array,
  timestep: number,
): Promise<{ readonly prediction: Float32Array; readonly captured: Readonly<Record<string, Value>> }> {
  const { guidance, guidanceWidth } = plan;
  const single = guidance === 1 || guidanceWidth !== null;
  const halves = single ? [plan.conditional] : [plan.unconditional, plan.conditional];
  const batch = halves.length;
  const { tokens, width } = plan.conditional;
  if (halves.some((half) => half.tokens !== tokens || half.width !== width)) {
    throw new RangeError('both prompts need the same number of tokens');
  }
  const results = await plan.unet.run(
    {
      ...plan.feeds?.(batch),
      ...guidanceFeeds(guidanceWidth, guidance, batch),
      sample: { type: 'float32', dims: [batch, ...plan.latentDims], data: repeat(latents, batch) },
      timestep: steppedTime(timestep, batch),
      encoder_hidden_states: {
        type: 'float32',
        dims: [batch, tokens, width],
        data: concatenate(halves.map(({ data }) => data)),
      },
    },
    ['out_sample', ...plan.capture],
  );
  const { out_sample: _, ...captured } = results;
  const { data } = floats(results, 'out_sample');
  return { prediction: guide(data, latents.length, guidance), captured };
}

/** Some schedules fall between training steps. */
export function steppedTime(timestep: number, batch: number): Value {
  return Number.isInteger(timestep)
    ? { type: 'int64', dims: [batch], data: new BigInt64Array(batch).fill(BigInt(timestep)) }
    : { type: 'float32', dims: [batch], data: new Float32Array(batch).fill(timestep) };
}

/** uncond + guidance * (cond - uncond) over the two halves of a batch; a single half is the prediction itself. */
export function guide(data: Float32Array, size: number, guidance: number): Float32Array {
  if (data.length === size) return data;
  if (data.length !== 2 * size) throw new RangeError(`a prediction of ${data.length} for latents of ${size}`);
  const prediction = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const unconditional = data[i]!;
    prediction[i] = unconditional + guidance * (data[size + i]! - unconditional);
  }
  return prediction;
}

function repeat(data: Float32Array, times: number): Float32Array {
  return concatenate(Array.from({ length: times }, () => data));
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
