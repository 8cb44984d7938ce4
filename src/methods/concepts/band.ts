import type { NullBand } from '../../protocol/jobs.ts';
import { quantiles } from '../../tensor/statistics.ts';

/**
 * The central 95% of a figure over random words: between its 2.5% and 97.5% quantiles (exact, linear interpolation).
 * A value inside means nothing. `samples` counts the figures given. Throws RangeError for none, or NaN among them.
 */
export function nullBand(values: ArrayLike<number>): NullBand {
  const [low, high] = quantiles(values, [0.025, 0.975]) as [number, number];
  return { low, high, samples: values.length };
}
