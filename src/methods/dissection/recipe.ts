/** The three published procedures as settings; see protocol/dissection.ts for what each means. */

import type { Recipe } from '../../protocol/dissection.ts';

/** The IoU from which a unit counts as a detector of its label (Bau et al. 2017). */
export const detectorIou = 0.04;

export interface RecipeRules {
  /** Top share of activations that counts as firing. */
  readonly quantile: number;
  /** The quantile is taken of enlarged maps, not of raw activations. */
  readonly enlarged: boolean;
  /** Firing is counted in images that contain the label's category only, not everywhere. */
  readonly withinCategory: boolean;
  /** Twice each image's mean is the threshold, and IoU the mean over images. */
  readonly perImage: boolean;
}

export const RECIPES: Readonly<Record<Recipe, RecipeRules>> = {
  netdissect: { quantile: 0.005, enlarged: false, withinCategory: true, perImage: false },
  dissect: { quantile: 0.01, enlarged: true, withinCategory: false, perImage: false },
  'per-image': { quantile: 0.005, enlarged: false, withinCategory: true, perImage: true },
};
