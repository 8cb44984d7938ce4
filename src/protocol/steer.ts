/** Steering a generation: a second picture from the same noise, whose attention is partly the first one's. */

import type { Pixels } from './image.ts';
import type { Caution, Device, GenerateParams, LayerAttention, Progress, PromptReading } from './jobs.ts';

/** Cells of a {@link Region}, a side. */
export const REGION_SIDE = 16;

/** A painted part of the picture: REGION_SIDE x REGION_SIDE cells from the top left, one bit each, 64 hexadecimal digits. */
export type Region = string;

/** From and to as shares of the run's steps, 0 (noise) to 1 (picture); the first is in, the last is not. */
export type StepWindow = readonly [from: number, to: number];

/** How the second picture differs from the first: everything here may be combined. */
export interface Edit {
  /** Prompt of the second picture; the first's own when only weights, values or maps change. */
  readonly prompt: string;
  /**
   * Whose cross-attention the second picture has within `crossSteps`: its own, or the first picture's, carried over word by word
   * (`replace`: as many words) or by aligning the prompts (`refine`: new words keep their own maps).
   */
  readonly method: 'own' | 'replace' | 'refine';
  readonly crossSteps: StepWindow;
  /** Steps in which self-attention is the first picture's; empty for none. */
  readonly selfSteps: StepWindow;
  /** Factors on the maps of words of `prompt`, by word index, -2 to 4. */
  readonly weights: readonly { readonly word: number; readonly weight: number }[];
  /** Rows are divided by their sum after the edit, which the paper does not do. */
  readonly renormalise: boolean;
  /** Word of `prompt` outside of whose map the first picture stays as it is (local blend). */
  readonly blend: number | null;
  /** The second picture reads another word's values where it looks for this one; the prompt's text stays. */
  readonly recolour: { readonly word: number; readonly to: string; readonly recipe: 'A' | 'B' } | null;
  /** Words whose maps are pushed into a region, and how hard: what is added to the scores there and taken off elsewhere. */
  readonly paint: {
    readonly words: readonly number[];
    readonly region: Region;
    readonly strength: number;
    readonly steps: StepWindow;
  } | null;
  /** The only part of the picture that may change; null for all of it. */
  readonly within: Region | null;
}

/** What an edit is before anything was changed: the first picture again. An empty prompt stands for the first one. */
export const PLAIN_EDIT: Edit = {
  prompt: '',
  method: 'refine',
  crossSteps: [0, 1],
  selfSteps: [0, 0.4],
  weights: [],
  renormalise: false,
  blend: null,
  recolour: null,
  paint: null,
  within: null,
};

export interface SteerParams extends GenerateParams {
  readonly edit: Edit;
}

export interface SteerProgress extends Progress {
  readonly previews?: { readonly source: Pixels; readonly target: Pixels };
}

/** A picture with the maps it was drawn by. */
export interface Drawing {
  readonly reading: PromptReading;
  readonly image: Pixels;
  readonly attention: readonly LayerAttention[];
}

/** One kind of change, and exactly where it was made. */
export interface AccountLine {
  readonly what: 'maps' | 'weights' | 'self' | 'values' | 'scores' | 'latents';
  /** Site names; empty for what is no layer's. */
  readonly layers: readonly string[];
  /** Counted from 0. */
  readonly steps: readonly number[];
  /** Token texts of the second prompt, with their positions; empty for all. */
  readonly tokens: readonly { readonly position: number; readonly text: string }[];
}

export interface Steering {
  readonly source: Drawing;
  readonly target: Drawing;
  readonly account: readonly AccountLine[];
  /** Mean absolute difference of the two pictures, 0 to 1. */
  readonly change: number;
  readonly cautions: readonly Caution[];
  readonly device: Device;
  readonly elapsedMs: number;
}

export interface SteerJobs {
  steer: { params: SteerParams; progress: SteerProgress; result: Steering };
}
