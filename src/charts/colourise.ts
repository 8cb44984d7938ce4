import type { Pixels } from '../protocol/image.ts';
import type { Grid } from '../tensor/tensor.ts';
import type { HeatScale } from './heat.ts';
import { lookup, parseColour } from './palette.ts';

/**
 * Heat as pixels, one per grid cell: colour by the scale's map, alpha by {@link alphaOf} times `opacity`. NaN is transparent.
 * The loop repeats `position` and `alphaOf` of heat.ts (a test holds them together): it runs 65,536 times a painting.
 */
export function colourise(heat: Grid, scale: HeatScale, opacity: number): Pixels {
  const [height, width] = heat.dims;
  const values = heat.data;
  const out = new Uint8ClampedArray(width * height * 4);
  const diverging = scale.kind === 'diverging';
  const table = lookup(scale.kind === 'diverging' ? 'diverging' : scale.palette);
  const gain = scale.max > 0 ? 1 / scale.max : 0;
  for (let cell = 0, at = 0; cell < values.length; cell++, at += 4) {
    const share = values[cell]! * gain;
    if (Number.isNaN(share)) continue;
    const place = diverging ? (share + 1) / 2 : share;
    const entry = place <= 0 ? 0 : place >= 1 ? 255 : Math.round(place * 255);
    const strength = diverging ? Math.abs(share) : share;
    out[at] = table[entry * 3]!;
    out[at + 1] = table[entry * 3 + 1]!;
    out[at + 2] = table[entry * 3 + 2]!;
    out[at + 3] = 255 * opacity * (strength >= 0.5 ? 1 : strength <= 0 ? 0 : 2 * strength);
  }
  return { width, height, data: out };
}

/**
 * Two or three maps of one size in one picture: each cell mixes the maps' colours by their shares, alpha by the strongest.
 * All stand on the same scale from 0 to `max`.
 */
export function blend(
  heats: readonly { readonly grid: Grid; readonly colour: string }[],
  max: number,
  opacity: number,
): Pixels {
  const first = heats[0];
  if (!first) throw new RangeError('blend: no maps');
  const [height, width] = first.grid.dims;
  for (const { grid } of heats) {
    if (grid.dims[0] !== height || grid.dims[1] !== width) throw new RangeError('blend: maps differ in size');
  }
  const parts = heats.map(({ grid, colour }) => ({ values: grid.data, colour: parseColour(colour) }));
  const out = new Uint8ClampedArray(width * height * 4);
  for (let cell = 0, at = 0; cell < width * height; cell++, at += 4) {
    let total = 0;
    let strongest = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (const { values, colour } of parts) {
      // A NaN fails the comparison and counts as nothing.
      const share = values[cell]! > 0 && max > 0 ? Math.min(1, values[cell]! / max) : 0;
      total += share;
      if (share > strongest) strongest = share;
      red += share * colour[0];
      green += share * colour[1];
      blue += share * colour[2];
    }
    if (total === 0) continue;
    out[at] = red / total;
    out[at + 1] = green / total;
    out[at + 2] = blue / total;
    out[at + 3] = 255 * opacity * Math.min(1, 2 * strongest);
  }
  return { width, height, data: out };
}
