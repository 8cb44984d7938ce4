import type { Mask } from '../../tensor/mask.ts';
import type { Grid } from '../../tensor/tensor.ts';

/** Simple figures of a heatmap, in its own unit. */
export interface HeatFigures {
  readonly mean: number;
  readonly peak: number;
  /** Pixel of the peak, the first in reading order. */
  readonly peakX: number;
  readonly peakY: number;
  /** Entropy of the map taken as a distribution over pixels, as a share of the uniform one's: 0 one pixel, 1 flat. */
  readonly spread: number;
}

/** Mean, peak and spread of a map of non-negative values. A map of zeros has spread 1: it points nowhere. */
export function heatFigures({ dims: [, width], data }: Grid): HeatFigures {
  let sum = 0;
  let at = 0;
  for (let i = 0; i < data.length; i += 1) {
    sum += data[i]!;
    if (data[i]! > data[at]!) at = i;
  }
  let plogp = 0;
  for (let i = 0; i < data.length; i += 1) if (data[i]! > 0) plogp += data[i]! * Math.log(data[i]!);
  // H = -sum (v / S) log (v / S) = log S - (sum v log v) / S
  const spread = sum > 0 && data.length > 1 ? (Math.log(sum) - plogp / sum) / Math.log(data.length) : 1;
  return {
    mean: sum / data.length,
    peak: data[at]!,
    peakX: at % width,
    peakY: Math.floor(at / width),
    spread: Math.min(1, Math.max(0, spread)),
  };
}

/** Mean heat inside and outside of a mask of the same size; NaN for a side without pixels. */
export function insideOutside(heat: Grid, mask: Mask): { readonly inside: number; readonly outside: number } {
  sameSize(heat, mask);
  let inside = 0;
  let outside = 0;
  let count = 0;
  for (let i = 0; i < heat.data.length; i += 1) {
    if (mask.data[i] !== 0) {
      inside += heat.data[i]!;
      count += 1;
    } else outside += heat.data[i]!;
  }
  return { inside: inside / count, outside: outside / (heat.data.length - count) };
}

/** Throws RangeError unless a map and a mask have the same height and width. */
export function sameSize(heat: Grid, mask: Mask): void {
  if (heat.dims[0] !== mask.dims[0] || heat.dims[1] !== mask.dims[1]) {
    throw new RangeError(`heat ${heat.dims.join(' x ')} and mask ${mask.dims.join(' x ')} differ in size`);
  }
}
