/** Does a word's weight do what it says: a colour word against saturation, a weather word against the area it covers. */

import type { Pixels } from '../../../protocol/image.ts';
import type { Mask } from '../../../tensor/mask.ts';
import { COLOURS, type Colour, type LABELS, labelId } from '../../../world/catalogue.ts';
import type { Reading } from '../../oracle.ts';
import { toLab } from '../../segment.ts';

export const WEIGHTS = [0, 0.5, 1, 2] as const;

/** The lightness that neither black nor white leans from. */
const MIDDLE = 50;
/** What rounding pixels to bytes does to a mean, in CIE units. */
export const ROUNDING = 0.5;
/** Cells of the oracle that may be read otherwise without meaning anything, as a share of the picture. */
export const FLICKER = 0.005;

/**
 * How far the masked pixels go from middle grey towards a colour: the mean over them of the CIE Lab projection on that direction. For
 * a hue it is its saturation, for black and white the darkness and the lightness. NaN for an empty mask.
 */
export function saturation({ data }: Pixels, { data: inside }: Mask, color: Colour): number {
  const towards = fromGrey(COLOURS[color]);
  const size = Math.hypot(...towards);
  let sum = 0;
  let count = 0;
  inside.forEach((value, pixel) => {
    if (!value) return;
    const own = fromGrey([data[4 * pixel]!, data[4 * pixel + 1]!, data[4 * pixel + 2]!]);
    sum += own.reduce((dot, part, axis) => dot + part * towards[axis]!, 0) / size;
    count++;
  });
  return sum / count;
}

/** Share of the picture that the oracle calls white and neither a thing nor sky: what snow covers. */
export function snowArea({ labels, grid }: Reading): number {
  const white = labelId('color', 'white');
  const ground = new Set(GROUND.map((label) => labelId('object', label)));
  let count = 0;
  labels.color.forEach((label, cell) => {
    if (label === white && ground.has(labels.object[cell]!)) count++;
  });
  return count / (grid * grid);
}

const GROUND = ['ground', 'water', 'hill'] as const satisfies readonly (typeof LABELS.object)[number][];

/** Whether a figure never falls by more than `slack` as the weight rises. */
export function neverFalls(values: readonly number[], slack: number): boolean {
  return values.every((value, at) => at === 0 || value >= values[at - 1]! - slack);
}

/** Lab from middle grey on. */
function fromGrey([red, green, blue]: readonly [number, number, number]): readonly number[] {
  const [l, a, b] = toLab(red, green, blue);
  return [l - MIDDLE, a, b];
}
