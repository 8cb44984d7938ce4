import type { NullBand } from '../../protocol/jobs.ts';

/** Share of nulls that may fall outside on each side. */
const TAIL = 0.025;

/**
 * Where one more figure of the same kind falls with a probability of at least 95%: between the k-th smallest and the k-th largest of n,
 * k = floor(0.025 (n + 1)). That is the exact prediction interval of exchangeable figures; between plain quantiles of few hundred
 * words a new word would fall in fewer than 95% of cases. Fewer than 39 figures cannot promise as much: their band is their range. A
 * value inside means nothing. `samples` counts the figures given. Throws RangeError for none, or NaN among them.
 */
export function nullBand(values: ArrayLike<number>): NullBand {
  const samples = values.length;
  if (samples === 0) throw new RangeError('null band: no values');
  const sorted = Float64Array.from(values).sort();
  // NaN sorts last.
  if (Number.isNaN(sorted[samples - 1])) throw new RangeError('null band: NaN among the values');
  const rank = Math.max(1, Math.floor(TAIL * (samples + 1)));
  return { low: sorted[rank - 1]!, high: sorted[samples - rank]!, samples };
}
