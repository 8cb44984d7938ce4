import type { Grid } from '../tensor/tensor.ts';
import type { PaletteName } from './palette.ts';

/**
 * How values become colour: an absolute scale from 0 to `max`, or from -max to `max` for signed values, in the values' own
 * unit. The parent decides `max`; values beyond it take the end colour.
 */
export type HeatScale =
  | { readonly kind: 'sequential'; readonly max: number; readonly palette: PaletteName }
  | { readonly kind: 'diverging'; readonly max: number };

/** What stands under a point of the picture. */
export interface HeatReading {
  /** Fractions of the picture, 0 (left, top) to 1. */
  readonly x: number;
  readonly y: number;
  /** Grid cell, and its own value: never the interpolated one that is painted when smooth. */
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** Reading at a point in fractions of the picture; points outside are moved to the edge. */
export function readAt(heat: Grid, x: number, y: number): HeatReading {
  const [height, width] = heat.dims;
  const inX = Math.min(1, Math.max(0, x));
  const inY = Math.min(1, Math.max(0, y));
  const row = Math.min(height - 1, Math.floor(inY * height));
  const column = Math.min(width - 1, Math.floor(inX * width));
  return { x: inX, y: inY, row, column, value: heat.data[row * width + column] ?? Number.NaN };
}

/** Reading at the centre of a cell; cells outside are moved to the edge. */
export function readCell(heat: Grid, row: number, column: number): HeatReading {
  const [height, width] = heat.dims;
  const inRow = Math.min(height - 1, Math.max(0, row));
  const inColumn = Math.min(width - 1, Math.max(0, column));
  return readAt(heat, (inColumn + 0.5) / width, (inRow + 0.5) / height);
}

/** Where a value lies on its scale, 0 to 1 (0.5 is zero on a diverging scale); NaN stays NaN, an empty scale gives its zero. */
export function position(value: number, scale: HeatScale): number {
  const share = scale.max > 0 ? value / scale.max : value * 0;
  return Math.min(1, Math.max(0, scale.kind === 'sequential' ? share : (share + 1) / 2));
}

/**
 * Opacity of the heat, 0 to 1: none at zero, rising linearly, full from half of the scale's maximum on, so that what is cold
 * leaves the picture as it is. NaN is transparent.
 */
export function alphaOf(value: number, scale: HeatScale): number {
  const strength = scale.kind === 'sequential' ? value : Math.abs(value);
  return scale.max > 0 ? Math.min(1, Math.max(0, (2 * strength) / scale.max)) || 0 : 0;
}
