/** How well concepts tell held-out scenes apart, layer by layer. */

import type { Device } from './jobs.ts';

export interface LayerSeparation {
  readonly site: string;
  readonly block: number;
  /** One for each concept; NaN where the world has no truth for it, or no scene of either side. */
  readonly auc: readonly number[];
  /** Cohen's d. */
  readonly effect: readonly number[];
  /** Central 95% of the AUC of random vectors (random words, or means of shuffled labels) for the same labels. */
  readonly randomBand: readonly { readonly low: number; readonly high: number }[];
}

export interface Separations {
  readonly layers: readonly LayerSeparation[];
  /** For each concept the scenes that show it, -1 where the world has no truth for it. */
  readonly positives: readonly number[];
  /** Central 95% of the AUC under shuffled labels. */
  readonly shuffled: readonly { readonly low: number; readonly high: number }[];
  readonly scenes: number;
  readonly device: Device;
  readonly elapsedMs: number;
}
