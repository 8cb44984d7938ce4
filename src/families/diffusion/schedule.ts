/** What every scheduler is: its configuration, and one run of it. */

import type { DdimConfig } from './ddim.ts';

export interface SchedulerConfig extends DdimConfig {
  readonly kind: 'ddim' | 'euler' | 'ancestral' | 'lcm';
  /** The class in the file when another one runs in its stead: PNDM's multi-step history, with DDIM's equal first order. */
  readonly substituted: string | null;
  /** Steps that a consistency model was distilled from. */
  readonly originalSteps: number;
  /** What a consistency model's training step is multiplied with in its boundary condition. */
  readonly timestepScaling: number;
}

/** One run of a scheduler. */
export interface SchedulerRun {
  /** The training step of each run of the U-Net, noisiest first; not whole in some spacings. */
  readonly timesteps: readonly number[];
  /** What standard normal noise is multiplied with to start from. */
  readonly initialScale: number;
  /** What goes into the U-Net: the latents, scaled. */
  input(index: number, latents: Float32Array): Float32Array;
  step(index: number, latents: Float32Array, prediction: Float32Array): SchedulerStep;
}

export interface SchedulerStep {
  /** The clean latents that the model predicts from here. */
  readonly clean: Float32Array;
  readonly next: Float32Array;
}

/** Standard normal numbers for step `index`, as many as the latents. */
export type FreshNoise = (index: number) => Float32Array;
