import { ticks } from 'd3-array';
import { alphaOf, type HeatScale, position } from './heat.ts';
import { lookup } from './palette.ts';

export interface LegendLayout {
  /** Values with their place, in the unit of the size given. */
  readonly ticks: readonly { readonly value: number; readonly x: number }[];
  readonly baseline?: { readonly value: number; readonly x: number };
  /** CSS gradient stops, alpha as on the picture. */
  readonly stops: readonly string[];
}

/** A colour bar of the scale. A baseline beyond the scale is drawn at its end. */
export function layoutLegend(
  scale: HeatScale,
  size: { readonly width: number },
  baseline?: number,
): LegendLayout {
  const low = scale.kind === 'diverging' ? -scale.max : 0;
  const at = (value: number) => position(value, scale) * size.width;
  const table = lookup(scale.kind === 'diverging' ? 'diverging' : scale.palette);
  const stops = Array.from({ length: 17 }, (_, i) => {
    const value = low + ((scale.max - low) * i) / 16;
    const entry = Math.round(position(value, scale) * 255) * 3;
    return `rgb(${table[entry]} ${table[entry + 1]} ${table[entry + 2]} / ${alphaOf(value, scale)})`;
  });
  return {
    ticks: scale.max > 0 ? ticks(low, scale.max, 4).map((value) => ({ value, x: at(value) })) : [],
    stops,
    ...(baseline !== undefined && { baseline: { value: baseline, x: at(baseline) } }),
  };
}
