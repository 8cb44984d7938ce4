/** Units of a diffusion model switched on in a brushed part of a picture, while it is drawn. */

import type { Pixels } from './image.ts';
import type { Device, Progress } from './progress.ts';
import type { Region, StepWindow } from './steer.ts';

export interface PaintUnitsParams {
  readonly model: string;
  /** A layer of its U-Net. */
  readonly site: string;
  readonly units: readonly number[];
  readonly region: Region;
  readonly prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** What they are set to, in multiples of what each unit alone rises above in 0.5% of places of ordinary pictures. */
  readonly strength: number;
  /** When they are. */
  readonly during: StepWindow;
  /** What the units are said to detect, and the contrastive model that looks whether it is there. */
  readonly concept: string;
  readonly judge: string;
  /** Random sets of live units, matched in mean activation, painted the same way: what painting does whatever is painted. */
  readonly sets: number;
}

export interface PaintUnitsProgress extends Progress {
  /** The picture as it is without, then with the units on. */
  readonly before?: Pixels;
  readonly after?: Pixels;
  /** Gain of each matched set, so far. */
  readonly matched?: readonly number[];
}

export interface PaintedUnits {
  readonly before: Pixels;
  readonly after: Pixels;
  /** The first of the matched sets painted instead. */
  readonly control: Pixels;
  /** Mean absolute difference of colour values in the brushed part and elsewhere, as shares of their range. */
  readonly change: { readonly inside: number; readonly outside: number };
  /** Probability of the concept's name among the names of its kind, in both pictures. */
  readonly probability: { readonly before: number; readonly after: number };
  /** Names that it competes with, its own first. */
  readonly names: readonly string[];
  /** How much likelier the name became, in nats: the logarithm of the probabilities' ratio. */
  readonly gain: number;
  /** The same of each matched set. */
  readonly matched: readonly number[];
  /** Share of matched sets that gain less, 0 to 1. */
  readonly percentile: number;
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface PaintingJobs {
  paintUnits: { params: PaintUnitsParams; progress: PaintUnitsProgress; result: PaintedUnits };
}
