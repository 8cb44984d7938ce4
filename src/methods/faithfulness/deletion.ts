/** Deletion curves: how fast an answer dies when patches go in the order that a map gives. */

/** Patches by falling heat; equal ones in reading order. */
export function heatOrder(heat: ArrayLike<number>): readonly number[] {
  return Array.from(heat, (_, i) => i).sort((a, b) => heat[b]! - heat[a]! || a - b);
}

/** Patches of a square grid from the centre out. */
export function centreOrder(grid: number): readonly number[] {
  const middle = (grid - 1) / 2;
  const distance = (i: number) => (Math.floor(i / grid) - middle) ** 2 + ((i % grid) - middle) ** 2;
  return Array.from({ length: grid * grid }, (_, i) => i).sort((a, b) => distance(a) - distance(b) || a - b);
}

/** The first 0, `step`, 2 `step`, ... patches of an order, all of them last. */
export function growingSets(order: readonly number[], step: number): readonly (readonly number[])[] {
  const sets: (readonly number[])[] = [];
  for (let count = 0; count < order.length; count += step) sets.push(order.slice(0, count));
  return [...sets, order];
}

/**
 * Area under a curve of probabilities over the share of patches taken away (trapezoids), normalised so that intact is 1 and
 * fully removed 0. Lower is better for deletion. NaN when taking everything away does not lower the probability by `least`.
 */
export function normalisedArea(probabilities: readonly number[], least = 0.1): number {
  const intact = probabilities[0] ?? Number.NaN;
  const removed = probabilities.at(-1) ?? Number.NaN;
  if (!(intact - removed >= least)) return Number.NaN;
  const heights = probabilities.map((value) => (value - removed) / (intact - removed));
  let area = 0;
  for (let i = 1; i < heights.length; i++) area += (heights[i]! + heights[i - 1]!) / 2 / (heights.length - 1);
  return area;
}
