import type { SelfAttention } from '../../protocol/capture.ts';
import { meanClampedBicubic } from '../../tensor/clamped.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';

/**
 * What a place of the picture looks at: self-attention of the position under it, mean over heads and kept steps at each layer's
 * grid, bicubic, mean over layers with the finest grid. Probability per position of that grid; uniform is 1 / positions. `x` and
 * `y` are fractions of the picture. Throws RangeError when nothing was captured.
 */
export function selfMap(
  layers: readonly SelfAttention[],
  x: number,
  y: number,
  height: number,
  width: number,
): { readonly map: Grid; readonly uniform: number } {
  const finest = Math.max(0, ...layers.map(({ gridHeight, gridWidth }) => gridHeight * gridWidth));
  const chosen = layers.filter(
    ({ gridHeight, gridWidth, steps }) => gridHeight * gridWidth === finest && steps.length > 0,
  );
  if (chosen.length === 0) throw new RangeError('self: nothing was captured');
  const maps = chosen.map(({ gridHeight, gridWidth, heads, steps, pattern }) => {
    const keys = gridHeight * gridWidth;
    const row = Math.min(gridHeight - 1, Math.floor(y * gridHeight));
    const query = row * gridWidth + Math.min(gridWidth - 1, Math.floor(x * gridWidth));
    const mean = new Float32Array(keys);
    const share = 1 / (65535 * heads * steps.length);
    for (let at = 0; at < heads * steps.length; at += 1) {
      const from = (at * keys + query) * keys;
      for (let key = 0; key < keys; key += 1) mean[key] = mean[key]! + pattern[from + key]! * share;
    }
    return grid(gridHeight, gridWidth, mean);
  });
  return { map: meanClampedBicubic(maps, height, width), uniform: 1 / finest };
}
