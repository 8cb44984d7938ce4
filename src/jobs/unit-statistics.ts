/** How active the units of a layer are on ordinary pictures. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { Runtime } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import type { UnitMapper } from './unit-source.ts';

export interface UnitStatistics {
  /** By unit, over pictures and positions. */
  readonly means: Float32Array;
  /** Mean of the absolute values. */
  readonly magnitudes: Float64Array;
}

export async function unitStatistics(
  units: Pick<UnitMapper, 'maps'>,
  pictures: readonly Rgb8[],
  runtime: Runtime,
): Promise<UnitStatistics> {
  let sums: Float64Array | undefined;
  let sizes: Float64Array | undefined;
  let values = 0;
  for (let first = 0; first < pictures.length; first += SCENE_BATCH) {
    for (const { dims, data } of await units.maps(pictures.slice(first, first + SCENE_BATCH))) {
      const [count, height, width] = dims;
      const positions = height * width;
      sums ??= new Float64Array(count);
      sizes ??= new Float64Array(count);
      for (let unit = 0; unit < count; unit += 1) {
        for (let i = unit * positions; i < (unit + 1) * positions; i += 1) {
          sums[unit] = sums[unit]! + data[i]!;
          sizes[unit] = sizes[unit]! + Math.abs(data[i]!);
        }
      }
      values += positions;
    }
    await runtime.pause();
  }
  return {
    means: Float32Array.from(sums ?? [], (sum) => sum / values),
    magnitudes: Float64Array.from(sizes ?? [], (sum) => sum / values),
  };
}
