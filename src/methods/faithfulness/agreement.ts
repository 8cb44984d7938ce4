/** How far two maps of one picture say the same. */

/**
 * Area under the ROC curve: the chance that a patch among the top `share` of `truth` has a higher `score` than one that is not;
 * ties count half. 0.5 is chance. NaN when the share holds none or all.
 */
export function topRocAuc(score: ArrayLike<number>, truth: ArrayLike<number>, share: number): number {
  if (score.length !== truth.length)
    throw new RangeError(`topRocAuc: ${score.length} and ${truth.length} values`);
  const count = Math.round(share * truth.length);
  const order = Array.from(truth, (_, i) => i).sort((a, b) => truth[b]! - truth[a]! || a - b);
  const top = new Set(order.slice(0, count));
  if (count === 0 || count === truth.length) return Number.NaN;
  const rank = ranks(score);
  let sum = 0;
  for (const i of top) sum += rank[i]!;
  return (sum - (count * (count - 1)) / 2) / (count * (truth.length - count));
}

/** From 0; equal values share their mean rank. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(order.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let i = start; i <= end; i++) out[order[i]!] = (start + end) / 2;
    start = end + 1;
  }
  return out;
}
