/**
 * The DDIM sampler (Song et al., 2021) with eta 0, number for number as diffusers' `DDIMScheduler` computes it, read from
 * the model's own `scheduler_config.json`. Nothing random happens after the initial noise.
 */

import { VitrineError } from '../../protocol/errors.ts';

const BETA_SCHEDULES = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const;
const PREDICTIONS = ['epsilon', 'sample', 'v_prediction'] as const;
const SPACINGS = ['linspace', 'leading', 'trailing'] as const;

export interface DdimConfig {
  readonly trainSteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: (typeof BETA_SCHEDULES)[number];
  readonly prediction: (typeof PREDICTIONS)[number];
  readonly spacing: (typeof SPACINGS)[number];
  readonly zeroTerminalSnr: boolean;
  readonly alphaOneAtEnd: boolean;
  readonly stepsOffset: number;
  /** Half width of the interval that predicted clean latents are clamped to, or null. */
  readonly clip: number | null;
}

/** Reads `scheduler_config.json`; absent fields have diffusers' defaults. Throws `model-corrupt` naming an unsupported value. */
export function readDdimConfig(json: unknown): DdimConfig {
  if (typeof json !== 'object' || json === null) throw bad('scheduler_config', String(json));
  const fields = json as Readonly<Record<string, unknown>>;
  const className = fields._class_name ?? 'DDIMScheduler';
  if (className !== 'DDIMScheduler') throw bad('_class_name', className);
  if (fields.thresholding === true) throw bad('thresholding', true);
  if (fields.trained_betas != null) throw bad('trained_betas', 'a list');
  const clip = flag(fields, 'clip_sample', true) ? number(fields, 'clip_sample_range', 1) : null;
  return {
    trainSteps: number(fields, 'num_train_timesteps', 1000),
    betaStart: number(fields, 'beta_start', 0.0001),
    betaEnd: number(fields, 'beta_end', 0.02),
    betaSchedule: choice(fields, 'beta_schedule', BETA_SCHEDULES, 'linear'),
    prediction: choice(fields, 'prediction_type', PREDICTIONS, 'epsilon'),
    spacing: choice(fields, 'timestep_spacing', SPACINGS, 'leading'),
    zeroTerminalSnr: flag(fields, 'rescale_betas_zero_snr', false),
    alphaOneAtEnd: flag(fields, 'set_alpha_to_one', true),
    stepsOffset: number(fields, 'steps_offset', 0),
    clip,
  };
}

/**
 * Signal power at every training step: the cumulative product of 1 - beta, in [0, 1], falling with the step.
 * Rounded to float32, so that the last bit of an engine's cosine never reaches the picture.
 */
export function cumulativeAlphas(config: DdimConfig): Float32Array {
  const count = config.trainSteps;
  const cumulative = new Float64Array(count);
  let product = 1;
  for (let step = 0; step < count; step++) {
    product *= 1 - beta(config, step);
    cumulative[step] = product;
  }
  if (config.zeroTerminalSnr) {
    // Lin et al., 2024: shift the square roots so that the last is 0, scale them so that the first stays.
    const first = Math.sqrt(cumulative[0]!);
    const last = Math.sqrt(cumulative[count - 1]!);
    for (let step = 0; step < count; step++) {
      const root = (Math.sqrt(cumulative[step]!) - last) * (first / (first - last));
      cumulative[step] = root * root;
    }
  }
  return Float32Array.from(cumulative);
}

function beta({ betaSchedule, betaStart, betaEnd, trainSteps }: DdimConfig, step: number): number {
  const share = trainSteps > 1 ? step / (trainSteps - 1) : 0;
  if (betaSchedule === 'linear') return betaStart + (betaEnd - betaStart) * share;
  if (betaSchedule === 'scaled_linear') {
    const root = Math.sqrt(betaStart) + (Math.sqrt(betaEnd) - Math.sqrt(betaStart)) * share;
    return root * root;
  }
  const bar = (t: number): number => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Math.min(1 - bar((step + 1) / trainSteps) / bar(step / trainSteps), 0.999);
}

/** The training steps that a run of `steps` visits, noisiest first. */
export function ddimTimesteps(config: DdimConfig, steps: number): readonly number[] {
  const count = config.trainSteps;
  if (!Number.isInteger(steps) || steps < 1 || steps > count) {
    throw new RangeError(`steps must be an integer from 1 to ${count}, not ${steps}`);
  }
  const positions = Array.from({ length: steps }, (_, index) => index);
  switch (config.spacing) {
    case 'linspace': {
      const stride = steps > 1 ? (count - 1) / (steps - 1) : 0;
      return positions.map((index) => roundHalfEven(index * stride)).reverse();
    }
    case 'leading': {
      const stride = Math.floor(count / steps);
      return positions.map((index) => index * stride + config.stepsOffset).reverse();
    }
    case 'trailing':
      // NumPy's arange adds up this rounded difference, which decides ties such as 62.5.
      return positions.map((index) => roundHalfEven(count + index * (count - count / steps - count)) - 1);
  }
}

/** NumPy's rounding: 62.5 is 62, 63.5 is 64. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export interface DdimStep {
  /** The clean latents that the model predicts from here: what a preview decodes. */
  readonly clean: Float32Array;
  /** The latents of the next, less noisy step. */
  readonly next: Float32Array;
}

/**
 * One denoising step, eta 0: from the noisy `latents` of training step `timestep` and the model's output for them.
 * `alphas` is {@link cumulativeAlphas}; `steps` is the length of the whole run. Both results are new arrays.
 */
export function ddimStep(
  config: DdimConfig,
  alphas: Float32Array,
  run: { readonly timestep: number; readonly steps: number },
  latents: Float32Array,
  prediction: Float32Array,
): DdimStep {
  if (latents.length !== prediction.length) {
    throw new RangeError(`${latents.length} latents but a prediction of ${prediction.length}`);
  }
  const alpha = alphas[run.timestep];
  if (alpha === undefined) throw new RangeError(`no training step ${run.timestep}`);
  const before = run.timestep - Math.floor(config.trainSteps / run.steps);
  const alphaNext = before >= 0 ? alphas[before]! : config.alphaOneAtEnd ? 1 : alphas[0]!;
  const signal = Math.sqrt(alpha);
  const sigma = Math.sqrt(1 - alpha);
  const signalNext = Math.sqrt(alphaNext);
  const sigmaNext = Math.sqrt(1 - alphaNext);
  const clean = new Float32Array(latents.length);
  const next = new Float32Array(latents.length);
  const limit = config.clip ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < latents.length; i++) {
    const x = latents[i]!;
    const out = prediction[i]!;
    let x0 = out;
    let noise = out;
    if (config.prediction === 'epsilon') x0 = (x - sigma * out) / signal;
    else if (config.prediction === 'sample') noise = (x - signal * out) / sigma;
    else {
      x0 = signal * x - sigma * out;
      noise = signal * out + sigma * x;
    }
    if (x0 > limit) x0 = limit;
    else if (x0 < -limit) x0 = -limit;
    clean[i] = x0;
    next[i] = signalNext * x0 + sigmaNext * noise;
  }
  return { clean, next };
}

type Fields = Readonly<Record<string, unknown>>;

function bad(name: string, value: unknown): VitrineError {
  return new VitrineError('model-corrupt', `scheduler: unsupported ${name}: ${String(value)}`, {
    file: 'scheduler_config',
  });
}

function number(fields: Fields, name: string, fallback: number): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(name, value);
  return value;
}

function flag(fields: Fields, name: string, fallback: boolean): boolean {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'boolean') throw bad(name, value);
  return value;
}

function choice<T extends string>(fields: Fields, name: string, allowed: readonly T[], fallback: T): T {
  const value = fields[name] ?? fallback;
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw bad(name, value);
  return found;
}
