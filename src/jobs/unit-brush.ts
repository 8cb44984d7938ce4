/** A brush for units: a patch that sets chosen units of a layer in chosen places. */

import type { ModelIndex } from '../onnx/model-index.ts';
import { type Patch, replaceWhere } from '../onnx/patch.ts';
import type { Site } from '../onnx/sites/site.ts';
import { regionMask } from '../protocol/region.ts';
import type { Region } from '../protocol/steer.ts';
import type { Fed } from './patched-drawing.ts';

export interface UnitBrush {
  readonly change: Patch;
  /**
   * What sets these units to these values in the region, in the last row of a run: that of the prompt. What it does is then
   * guided, like what the prompt does.
   */
  paint(units: readonly number[], levels: ArrayLike<number>, region: Region, rows: number): Fed;
  /** What leaves everything as it is. */
  readonly nothing: Fed;
}

/** `dims`: units, and the height and width of their maps. Positions of a layer of tokens are its maps' places in reading order. */
export function unitBrush(
  model: ModelIndex,
  site: Site,
  [count, height, width]: readonly [unit: number, y: number, x: number],
): UnitBrush {
  const change = replaceWhere(model, { tensor: site.tensor, axes: site.axes, name: `paint(${site.name})` });
  const spatial = site.axes.at(-1) === 'x';
  const places = height * width;
  const level = spatial ? [1, count, 1, 1] : [1, 1, count];
  const [mask, injected] = change.inputs;
  const feeds = (dims: readonly number[], on: Uint8Array, values: Float32Array): Fed => ({
    [mask!.name]: { type: 'bool', dims, data: on },
    [injected!.name]: { type: 'float32', dims: level, data: values },
  });
  return {
    change,
    nothing: feeds(spatial ? [1, 1, 1, 1] : [1, 1, 1], new Uint8Array(1), new Float32Array(count)),
    paint: (units, levels, region, rows) => {
      const brushed = regionMask(region, height, width).data;
      const on = new Uint8Array(rows * count * places);
      const last = (rows - 1) * count * places;
      const values = new Float32Array(count);
      for (const unit of units) {
        values[unit] = levels[unit]!;
        for (let place = 0; place < places; place += 1) {
          if (brushed[place]) on[last + (spatial ? unit * places + place : place * count + unit)] = 1;
        }
      }
      return feeds(spatial ? [rows, count, height, width] : [rows, places, count], on, values);
    },
  };
}
