import type { Tensor } from '../../tensor/tensor.ts';

/**
 * Share of the variance of rows [image, embedding] that a classification explains (eta squared): variance of the class means,
 * weighted by class size, over the whole variance, both summed over the embedding. 0 to 1; `classes[i]` is the class of row i,
 * null leaves the row out. NaN when nothing varies. What shuffled classes reach is about (classes - 1) / (rows - 1).
 */
export function varianceShare(
  table: Tensor<readonly [string, string]>,
  classes: readonly (string | null)[],
): number {
  const [rows, size] = table.dims;
  if (classes.length !== rows) throw new RangeError(`${classes.length} classes for ${rows} rows`);
  const sums = new Map<string, { readonly sum: Float64Array; count: number }>();
  const total = new Float64Array(size);
  let squares = 0;
  let kept = 0;
  classes.forEach((name, r) => {
    if (name === null) return;
    const own = sums.get(name) ?? { sum: new Float64Array(size), count: 0 };
    sums.set(name, own);
    own.count += 1;
    kept += 1;
    for (let e = 0; e < size; e += 1) {
      const value = table.data[r * size + e]!;
      own.sum[e] = own.sum[e]! + value;
      total[e] = total[e]! + value;
      squares += value * value;
    }
  });
  const centre = total.reduce((sum, value) => sum + value * value, 0) / kept;
  let between = -centre;
  for (const { sum, count } of sums.values()) {
    between += sum.reduce((whole, value) => whole + value * value, 0) / count;
  }
  const within = squares - centre;
  return within > 0 ? Math.max(0, between) / within : Number.NaN;
}
