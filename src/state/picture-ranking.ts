import type { DissectionRow } from '../protocol/dissection.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A unit on one picture. */
export interface FiringUnit {
  readonly unit: number;
  /** Its activation at the place, or its highest. */
  readonly activation: number;
  /** Activation over threshold: above 1 it fires. */
  readonly ratio: number;
  readonly row: DissectionRow;
}

/**
 * Units that fire at a place of a picture (y * width + x), or anywhere on it, by how far they rise above their thresholds; for a threshold at
 * or below zero, where a ratio says nothing, the distance counts. Dead units are left out.
 */
export function rankPicture(
  { dims: [units, height, width], data }: Tensor<readonly ['unit', 'y', 'x']>,
  rows: readonly DissectionRow[],
  place: number | 'none',
): readonly FiringUnit[] {
  const positions = height * width;
  if (place !== 'none' && !(place < positions)) throw new RangeError(`no place ${place} of ${positions}`);
  const firing: FiringUnit[] = [];
  for (const row of rows) {
    const { unit, threshold, dead } = row;
    if (dead || unit >= units) continue;
    const from = unit * positions;
    let activation = Number.NEGATIVE_INFINITY;
    if (place !== 'none') activation = data[from + place]!;
    else for (let i = from; i < from + positions; i += 1) activation = Math.max(activation, data[i]!);
    if (!(activation > threshold)) continue;
    const ratio = threshold > 0 ? activation / threshold : 1 + activation - threshold;
    firing.push({ unit, activation, ratio, row });
  }
  return firing.sort((a, b) => b.ratio - a.ratio || a.unit - b.unit);
}
