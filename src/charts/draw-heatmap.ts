import type { Pixels } from '../protocol/image.ts';
import { resize } from '../tensor/resize.ts';
import type { Grid } from '../tensor/tensor.ts';
import { blend, colourise } from './colourise.ts';
import type { HeatScale } from './heat.ts';
import { ground, layerOf, type Size } from './picture.ts';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface HeatLayer {
  readonly grid: Grid;
  readonly scale: HeatScale;
  /** 0 to 1. */
  readonly opacity: number;
  readonly smooth: boolean;
}

/**
 * Paints a picture with heat over it on the rectangle from (0, 0) to `size`, in the context's units; without heat the picture
 * alone. The page and the exports use the same painter.
 */
export function drawHeatmap(context: Context, size: Size, image: Pixels, heat?: HeatLayer): void {
  paint(context, size, ground(image, size, heat ? 'dimmed' : 'plain'), true);
  if (heat) {
    const { scale, opacity, smooth } = heat;
    const grid = smooth ? enlarged(heat.grid) : heat.grid;
    paint(context, size, layerOf(colourise(grid, scale, opacity)), smooth);
  }
}

/** As {@link drawHeatmap}, for two or three maps of one size, a hue (`#rrggbb`) each. */
export function drawBlend(
  context: Context,
  size: Size,
  image: Pixels,
  layer: {
    readonly heats: readonly { readonly grid: Grid; readonly colour: string }[];
    readonly max: number;
    readonly opacity: number;
    readonly smooth: boolean;
  },
): void {
  paint(context, size, ground(image, size, 'dimmed'), true);
  const { max, opacity, smooth } = layer;
  const heats = smooth
    ? layer.heats.map(({ grid, colour }) => ({ grid: enlarged(grid), colour }))
    : layer.heats;
  paint(context, size, layerOf(blend(heats, max, opacity)), smooth);
}

/** Colours are looked up on at most so many cells a side; scaling the picture does the rest, where colours hardly change. */
const finest = 256;
const enlargements = new WeakMap<Grid, Grid>();

/** The grid, bicubic, by the largest whole factor that stays within {@link finest}. */
export function enlarged(source: Grid): Grid {
  const known = enlargements.get(source);
  if (known) return known;
  const [height, width] = source.dims;
  const factor = Math.floor(finest / Math.max(height, width));
  const made = factor > 1 ? resize(source, height * factor, width * factor, 'bicubic') : source;
  enlargements.set(source, made);
  return made;
}

function paint(context: Context, size: Size, layer: OffscreenCanvas, smooth: boolean): void {
  context.imageSmoothingEnabled = smooth;
  // Bilinear is enough for what is already bicubic, and many times cheaper where there is no GPU.
  context.imageSmoothingQuality = 'low';
  context.drawImage(layer, 0, 0, size.width, size.height);
}
