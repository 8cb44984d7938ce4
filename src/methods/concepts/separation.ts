import { mean as meanOf, quantiles } from '../../tensor/statistics.ts';

/** How well a figure tells scenes that show a concept from those that do not. */
export interface Separation {
  /** Share of pairs (one shows it, one does not) put in the right order, ties counted half: 0.5 is chance. NaN for an empty side. */
  readonly auc: number;
  /** Cohen's d: difference of the means in units of the pooled standard deviation. NaN for an empty side, 0 for equal constants. */
  readonly effect: number;
  readonly positives: number;
  readonly negatives: number;
}

/** `values[i]` is the figure of scene i, `shown[i]` the truth. Throws RangeError for different lengths. */
export function separation(values: ArrayLike<number>, shown: ArrayLike<boolean>): Separation {
  if (values.length !== shown.length) {
    throw new RangeError(`${values.length} values for ${shown.length} labels`);
  }
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  let positives = 0;
  let ranks = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    // Equal values share the middle of their ranks, counted from 1.
    const rank = (start + 1 + end) / 2;
    for (let k = start; k < end; k += 1) {
      if (!shown[order[k]!]) continue;
      positives += 1;
      ranks += rank;
    }
    start = end;
  }
  const negatives = values.length - positives;
  if (positives === 0 || negatives === 0) {
    return { auc: Number.NaN, effect: Number.NaN, positives, negatives };
  }
  const auc = (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
  return { auc, effect: cohen(values, shown), positives, negatives };
}

function cohen(values: ArrayLike<number>, shown: ArrayLike<boolean>): number {
  const all = Array.from({ length: values.length }, (_, i) => values[i]!);
  const yes = all.filter((_, i) => shown[i]);
  const no = all.filter((_, i) => !shown[i]);
  const squares = (side: readonly number[]): number => {
    const centre = meanOf(side);
    return side.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  };
  const freedom = Math.max(1, all.length - 2);
  const pooled = Math.sqrt((squares(yes) + squares(no)) / freedom);
  const difference = meanOf(yes) - meanOf(no);
  return difference === 0 ? 0 : difference / pooled;
}

/** The central 95% of the AUC when the labels are shuffled: what a figure that knows nothing reaches by luck. */
export function shuffledAuc(
  positives: number,
  negatives: number,
  random: () => number,
  draws = 400,
): { readonly low: number; readonly high: number } {
  if (positives === 0 || negatives === 0) return { low: Number.NaN, high: Number.NaN };
  // Without ties only the ranks matter, so one draw is a random choice of ranks.
  const total = positives + negatives;
  const aucs = Array.from({ length: draws }, () => {
    const ranks = Array.from({ length: total }, (_, i) => i);
    let sum = 0;
    for (let k = 0; k < positives; k += 1) {
      const at = k + Math.floor(random() * (total - k));
      const rank = ranks[at]!;
      ranks[at] = ranks[k]!;
      sum += rank + 1;
    }
    return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
  });
  const [low, high] = quantiles(aucs, [0.025, 0.975]) as [number, number];
  return { low, high };
}
