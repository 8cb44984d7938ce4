import { area, type Mask } from '../../tensor/mask.ts';
import { quantile } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { heatFigures, insideOutside, sameSize } from './figures.ts';

/** How well a heatmap finds a known thing. Each takes a heat and a mask of the same size and gives 0 to 1. */
export type Score = (heat: Grid, mask: Mask) => number;

/** 1 when the mean heat inside exceeds the mean outside, else 0. NaN-free: an empty or full mask scores 0. */
export const hotterInside: Score = (heat, mask) => {
  const { inside, outside } = insideOutside(heat, mask);
  return inside > outside ? 1 : 0;
};

/** The pointing game (Zhang et al. 2016): 1 when the hottest pixel lies inside, else 0. No tolerance margin. */
export const pointing: Score = (heat, mask) => {
  sameSize(heat, mask);
  const { peakX, peakY } = heatFigures(heat);
  return mask.data[peakY * mask.dims[1] + peakX] !== 0 ? 1 : 0;
};

/** Intersection over union of {heat > threshold} (the heat's unit) and the mask; 0 when both are empty. */
export function iou(heat: Grid, mask: Mask, threshold: number): number {
  sameSize(heat, mask);
  let both = 0;
  let either = 0;
  for (let i = 0; i < heat.data.length; i += 1) {
    const hot = heat.data[i]! > threshold;
    const inside = mask.data[i] !== 0;
    if (hot && inside) both += 1;
    if (hot || inside) either += 1;
  }
  return either === 0 ? 0 : both / either;
}

/** {@link iou} at a share of the map's own peak (0.5 is usual). */
export function iouAtPeakShare(share: number): Score {
  return (heat, mask) => iou(heat, mask, share * heatFigures(heat).peak);
}

/** {@link iou} of as many of the hottest pixels as the mask has: no threshold to choose. */
export const iouAtArea: Score = (heat, mask) => {
  const count = area(mask);
  if (count === 0) return 0;
  return iou(heat, mask, quantile(heat.data, 1 - count / heat.data.length));
};

/**
 * The highest IoU that any map made of whole cells of a gridHeight x gridWidth grid could reach for this mask: what a
 * coarse attention map cannot beat (interpolation aside). Exact: for the best choice a cell is in when its covered
 * share is above some cut, so the best prefix of cells in order of share wins.
 */
export function gridCeiling(mask: Mask, gridHeight: number, gridWidth: number): number {
  const [height, width] = mask.dims;
  const cells = gridHeight * gridWidth;
  const covered = new Float64Array(cells);
  const pixels = new Float64Array(cells);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * gridHeight) / height) * gridWidth;
    for (let x = 0; x < width; x += 1) {
      const cell = row + Math.floor(((x + 0.5) * gridWidth) / width);
      pixels[cell] = pixels[cell]! + 1;
      if (mask.data[y * width + x] !== 0) covered[cell] = covered[cell]! + 1;
    }
  }
  const order = Array.from({ length: cells }, (_, cell) => cell)
    .filter((cell) => covered[cell]! > 0)
    .sort((a, b) => covered[b]! / pixels[b]! - covered[a]! / pixels[a]!);
  let inside = 0;
  let union = area(mask);
  let best = 0;
  for (const cell of order) {
    inside += covered[cell]!;
    union += pixels[cell]! - covered[cell]!;
    best = Math.max(best, inside / union);
  }
  return best;
}

/**
 * The spatial prior: the same score with every heat judged by *other* scenes' masks, which tells how much of a score
 * comes from things standing where things usually stand. Mean over `rounds` rotations of the masks (heat i against mask
 * i + 1, i + 2, ...; all n - 1 by default), so that no heat ever meets its own and nothing is left to chance.
 */
export function spatialPrior(
  heats: readonly Grid[],
  masks: readonly Mask[],
  score: Score,
  rounds = heats.length - 1,
): number {
  const count = heats.length;
  if (masks.length !== count) throw new RangeError(`${count} heats but ${masks.length} masks`);
  if (count < 2) throw new RangeError('spatialPrior: needs two scenes or more');
  if (!(rounds >= 1 && rounds < count)) throw new RangeError(`spatialPrior: invalid rounds: ${rounds}`);
  let sum = 0;
  for (let shift = 1; shift <= rounds; shift += 1) {
    for (let i = 0; i < count; i += 1) sum += score(heats[i]!, masks[(i + shift) % count]!);
  }
  return sum / (rounds * count);
}
