/**
 * From noise to a picture by the scheduler that a model asks for. Each is diffusers' own, number for number, read from the model's
 * `scheduler_config.json`. What is random in a step is passed in.
 */

import { VitrineError } from '../../protocol/errors.ts';
import { cumulativeAlphas, ddimStep, ddimTimesteps, readDdimConfig } from './ddim.ts';
import { startEuler } from './euler.ts';
import { startLcm } from './lcm.ts';
import type { FreshNoise, SchedulerConfig, SchedulerRun } from './schedule.ts';

const CLASSES = {
  DDIMScheduler: { kind: 'ddim', fields: {} },
  PNDMScheduler: { kind: 'ddim', fields: { clip_sample: false, set_alpha_to_one: false } },
  EulerDiscreteScheduler: { kind: 'euler', fields: { clip_sample: false, timestep_spacing: 'linspace' } },
  EulerAncestralDiscreteScheduler: {
    kind: 'ancestral',
    fields: { clip_sample: false, timestep_spacing: 'linspace' },
  },
  LCMScheduler: {
    kind: 'lcm',
    fields: { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', clip_sample: false },
  },
} as const;

/** Options that change the numbers and are not built; a file that sets one is refused by name. */
const REFUSED = ['use_karras_sigmas', 'use_exponential_sigmas', 'use_beta_sigmas', 'sigma_min', 'sigma_max'];

/** Absent fields have the class's defaults. Throws `model-corrupt` naming an unsupported value. */
export function readScheduler(json: unknown): SchedulerConfig {
  const fields = record(json);
  const name = fields._class_name ?? 'DDIMScheduler';
  const known = Object.entries(CLASSES).find(([own]) => own === name)?.[1];
  if (!known) throw bad('_class_name', name);
  for (const option of REFUSED) {
    if (fields[option] !== undefined && fields[option] !== null && fields[option] !== false) {
      throw bad(option, fields[option]);
    }
  }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return {
    ...readDdimConfig({ ...known.fields, ...given, _class_name: 'DDIMScheduler' }),
    kind: known.kind,
    substituted: name === 'PNDMScheduler' ? name : null,
    originalSteps: positive(fields, 'original_inference_steps', 50),
    timestepScaling: positive(fields, 'timestep_scaling', 10),
  };
}

/** Throws RangeError for a number of steps that the schedule cannot make. */
export function startScheduler(config: SchedulerConfig, steps: number, fresh: FreshNoise): SchedulerRun {
  switch (config.kind) {
    case 'ddim':
      return startDdim(config, steps);
    case 'euler':
      return startEuler(config, steps, null);
    case 'ancestral':
      return startEuler(config, steps, fresh);
    case 'lcm':
      return startLcm(config, steps, fresh);
  }
}

function startDdim(config: SchedulerConfig, steps: number): SchedulerRun {
  const alphas = cumulativeAlphas(config);
  const timesteps = ddimTimesteps(config, steps);
  return {
    timesteps,
    initialScale: 1,
    input: (_, latents) => latents,
    step: (index, latents, prediction) =>
      ddimStep(config, alphas, { timestep: timesteps[index]!, steps }, latents, prediction),
  };
}

function record(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) throw bad('scheduler_config', json);
  return json as Readonly<Record<string, unknown>>;
}

function positive(fields: Readonly<Record<string, unknown>>, name: string, fallback: number): number {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'number' || !(value > 0)) throw bad(name, value);
  return value;
}

function bad(name: string, value: unknown): VitrineError {
  return new VitrineError('model-corrupt', `scheduler: unsupported ${name}: ${String(value)}`, {
    file: 'scheduler_config',
  });
}
