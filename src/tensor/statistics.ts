/** Figures of plain vectors. All sums run in double precision; NaN in gives NaN out unless said otherwise. */

/** Arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}

/** Population standard deviation (divides by n), two-pass; NaN for no values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

/**
 * Exact quantiles with linear interpolation between order statistics, at position (n - 1) * level (NumPy's default).
 * Levels are shares from 0 to 1, in any order. Throws RangeError for no values, a NaN or a level outside of [0, 1].
 */
export function quantiles(values: ArrayLike<number>, levels: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError('quantiles: no values');
  const sorted = Float64Array.from(values).sort();
  // NaN sorts last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('quantiles: NaN among the values');
  return levels.map((level) => {
    if (!(level >= 0 && level <= 1)) throw new RangeError(`quantiles: invalid level ${level}`);
    const position = (sorted.length - 1) * level;
    const below = Math.floor(position);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return low + (high - low) * (position - below);
  });
}

/** One of {@link quantiles}. */
export function quantile(values: ArrayLike<number>, level: number): number {
  return quantiles(values, [level])[0]!;
}

/** exp(v) / sum of exp, shifted by the maximum so that nothing overflows; sums to 1. Throws RangeError for no values. */
export function softmax(logits: ArrayLike<number>): number[] {
  if (logits.length === 0) throw new RangeError('softmax: no values');
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i += 1) top = Math.max(top, logits[i]!);
  const powers = Array.from(logits, (value) => Math.exp(value - top));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

/** Sum of products. Throws RangeError when the lengths differ. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`dot: lengths ${a.length} and ${b.length} differ`);
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Euclidean length. */
export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(dot(values, values));
}

/** Cosine of the angle between two vectors, -1 to 1; 0 when either has no length: no direction agrees with nothing. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = norm(a) * norm(b);
  if (lengths === 0) return 0;
  // Rounding can leave the range by an ulp.
  return Math.min(1, Math.max(-1, dot(a, b) / lengths));
}

/** The vector of length 1 in the same direction, a new array; zeros stay zeros. */
export function normalise(values: ArrayLike<number>): Float32Array {
  const length = norm(values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}
