/** What is known of the world's own images: measured on held-out scenes when a model is trained. */
export interface WorldStatistics {
  readonly mean: ArrayLike<number>;
  /** Rows of a matrix W with W^T W = inverse covariance (of the kept directions). */
  readonly whitening: readonly ArrayLike<number>[];
  /** 99th percentile of the distance over held-out scenes. */
  readonly threshold: number;
}

/**
 * How far an image lies from the world a model was trained on: Mahalanobis distance |W (f - mean)|, in standard
 * deviations of held-out scenes. Beyond `threshold` nothing the model says should be trusted. Throws RangeError when the
 * lengths differ; NaN features give NaN, which {@link isForeign} counts as foreign.
 */
export function foreignDistance(features: ArrayLike<number>, statistics: WorldStatistics): number {
  const { mean, whitening } = statistics;
  const width = mean.length;
  if (features.length !== width)
    throw new RangeError(`${features.length} features; statistics hold ${width}`);
  let sum = 0;
  for (const weights of whitening) {
    if (weights.length !== width)
      throw new RangeError(`whitening row of ${weights.length} values, not ${width}`);
    let value = 0;
    for (let i = 0; i < width; i += 1) value += weights[i]! * (features[i]! - mean[i]!);
    sum += value * value;
  }
  return Math.sqrt(sum);
}

/** True unless the distance is within the threshold. */
export function isForeign(distance: number, { threshold }: WorldStatistics): boolean {
  return !(distance <= threshold);
}
