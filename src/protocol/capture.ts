/** What a generation keeps beside its cross-attention: self-attention, value products, probes, and the run itself as a film. */

import type { LayerAttention, PromptWord } from './jobs.ts';

/** Self-attention of one layer, conditional half: each (step, head, query) row sums to 1 over keys. */
export interface SelfAttention {
  /** Site name, as `unet.down.0.0.attn1.pattern`. */
  readonly site: string;
  readonly gridHeight: number;
  readonly gridWidth: number;
  readonly heads: number;
  /** Steps that are kept, counted from 0. */
  readonly steps: readonly number[];
  /** [kept step, head, query, key], in units of 1 / 65535. */
  readonly pattern: Uint16Array;
}

/** What ConceptAttention reads of one layer: attention outputs dotted with the tokens' values, mean over steps. */
export interface LayerProducts {
  readonly site: string;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** [query, token]; probes follow the prompt's tokens. */
  readonly products: Float32Array;
}

/** What of cross-attention was averaged so that it fits: nothing, cells of grids finer than 32 x 32, or heads as well. */
export type Thinning = 'none' | 'grid' | 'heads';

/** The run itself. */
export interface Film {
  /** [channel, y, x] of the latents. */
  readonly latentDims: readonly [channel: number, y: number, x: number];
  /** [frame, channel, y, x]: what went into each step, and the clean latents that came out in the end. */
  readonly latents: Float32Array;
  /** Signal power of each frame, 0 (noise) to 1 (clean). */
  readonly signal: readonly number[];
}

export interface Capture {
  readonly self: readonly SelfAttention[];
  readonly products: readonly LayerProducts[];
  /** Words that the prompt does not have, in the order asked for. */
  readonly probes: readonly PromptWord[];
  /** Their maps: `token` counts the probes. The share a probe would get if it alone stood beside the prompt; uniform is 1 / (tokens + 1). */
  readonly probeAttention: readonly LayerAttention[];
  readonly film: Film;
  /** Bytes that self-attention may take and does take; steps are thinned evenly to stay below. */
  readonly memory: { readonly budget: number; readonly used: number };
  /** The same of cross-attention, and what was given up for it. */
  readonly crossMemory: { readonly budget: number; readonly used: number; readonly thinning: Thinning };
}
