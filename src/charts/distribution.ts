/** Two histograms over the same bins: shares of the values inside and outside of something. */
export interface Distribution {
  /** Ascending, one more than bins. */
  readonly edges: ArrayLike<number>;
  /** Shares that sum to 1. */
  readonly inside: ArrayLike<number>;
  readonly outside: ArrayLike<number>;
}

export interface DistributionLayout {
  /** SVG paths of the areas under the steps, closed along the ground line. */
  readonly inside: string;
  readonly outside: string;
  readonly ticks: readonly { readonly value: number; readonly x: number }[];
  /** Where a value lies; cut at the edges. */
  readonly at: (value: number) => number;
}

/**
 * Steps whose height is the square root of the share, so that the few high values stay visible beside the many near zero; the largest
 * share of both reaches the top. Throws RangeError for edges that do not fit the bins or do not ascend.
 */
export function layoutDistribution(
  { edges, inside, outside }: Distribution,
  size: { readonly width: number; readonly height: number },
  tickValues: (low: number, high: number) => readonly number[],
): DistributionLayout {
  const bins = edges.length - 1;
  if (bins < 1 || inside.length !== bins || outside.length !== bins) {
    throw new RangeError(`${edges.length} edges for ${inside.length} and ${outside.length} bins`);
  }
  const low = edges[0]!;
  const high = edges[bins]!;
  if (!(low < high)) throw new RangeError(`distribution: edges from ${low} to ${high}`);
  const at = (value: number) => (Math.min(1, Math.max(0, (value - low) / (high - low))) || 0) * size.width;
  let top = 0;
  for (let i = 0; i < bins; i += 1) top = Math.max(top, inside[i]!, outside[i]!);
  const y = (share: number) => size.height * (1 - Math.sqrt(top > 0 ? share / top : 0));
  const steps = (shares: ArrayLike<number>) => {
    let path = `M${round(at(low))} ${round(size.height)}`;
    for (let i = 0; i < bins; i += 1) {
      path += `V${round(y(shares[i]!))}H${round(at(edges[i + 1]!))}`;
    }
    return `${path}V${round(size.height)}Z`;
  };
  return {
    inside: steps(inside),
    outside: steps(outside),
    ticks: tickValues(low, high).map((value) => ({ value, x: at(value) })),
    at,
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
