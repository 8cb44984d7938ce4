/** How well the concepts of one layer tell scenes apart, with what means nothing. */

import { separation, shuffledAuc } from '../methods/concepts/separation.ts';
import type { LayerSeparation } from '../protocol/separation.ts';
import { quantiles } from '../tensor/statistics.ts';

const NONE = { low: Number.NaN, high: Number.NaN };

/** For each concept which scenes show it; null for what the world has no truth of. */
export type SceneLabels = readonly (readonly boolean[] | null)[];

/** `scores` and `nulls` are [scene][concept] and [scene][null vector]. */
export function separateLayer(
  scores: readonly (readonly number[])[],
  nulls: readonly (readonly number[])[],
  labels: SceneLabels,
): Pick<LayerSeparation, 'auc' | 'effect' | 'randomBand'> {
  const found = labels.map((shown, concept) => {
    if (!shown) return { auc: Number.NaN, effect: Number.NaN };
    return separation(
      scores.map((own) => own[concept]!),
      shown,
    );
  });
  return {
    auc: found.map(({ auc }) => auc),
    effect: found.map(({ effect }) => effect),
    randomBand: labels.map((shown) => (shown ? bandOf(nulls, shown) : NONE)),
  };
}

/** How many scenes show each concept (-1 where none is known to), and the central 95% of the AUC when labels are shuffled. */
export function shuffledBands(labels: SceneLabels, scenes: number, random: () => number) {
  const positives = labels.map((shown) => (shown ? shown.filter(Boolean).length : -1));
  return {
    positives,
    shuffled: positives.map((count) => (count < 0 ? NONE : shuffledAuc(count, scenes - count, random))),
  };
}

/** Central 95% over the null vectors of how well they tell the same scenes apart. */
function bandOf(nulls: readonly (readonly number[])[], shown: readonly boolean[]): typeof NONE {
  const aucs = nulls[0]!.map(
    (_, vector) =>
      separation(
        nulls.map((own) => own[vector]!),
        shown,
      ).auc,
  );
  if (aucs.some(Number.isNaN)) return NONE;
  const [low, high] = quantiles(aucs, [0.025, 0.975]) as [number, number];
  return { low, high };
}
