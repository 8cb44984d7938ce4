import type { Pixels } from '../protocol/image.ts';
import type { Grid } from '../tensor/tensor.ts';
import { blend, colourise } from './colourise.ts';
import type { HeatScale } from './heat.ts';
import { dimLayer, layerOf, plainLayer } from './picture.ts';

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
export function drawHeatmap(
  context: Context,
  size: { readonly width: number; readonly height: number },
  image: Pixels,
  heat?: HeatLayer,
): void {
  paint(context, size, heat ? dimLayer(image) : plainLayer(image), true);
  if (heat) {
    paint(context, size, layerOf(colourise(heat.grid, heat.scale, heat.opacity)), heat.smooth);
  }
}

/** As {@link drawHeatmap}, for two or three maps of one size, a hue (`#rrggbb`) each. */
export function drawBlend(
  context: Context,
  size: { readonly width: number; readonly height: number },
  image: Pixels,
  layer: {
    readonly heats: readonly { readonly grid: Grid; readonly colour: string }[];
    readonly max: number;
    readonly opacity: number;
    readonly smooth: boolean;
  },
): void {
  paint(context, size, dimLayer(image), true);
  paint(context, size, layerOf(blend(layer.heats, layer.max, layer.opacity)), layer.smooth);
}

function paint(
  context: Context,
  size: { readonly width: number; readonly height: number },
  layer: OffscreenCanvas,
  smooth: boolean,
): void {
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(layer, 0, 0, size.width, size.height);
}
