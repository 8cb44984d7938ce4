import { type Grid, grid } from '../tensor/tensor.ts';

/**
 * Mean of a grid over at most `rows` by `columns` equal areas; cells that straddle an edge count by their overlap, so that the
 * mean of the whole is kept. A grid that is no larger in a direction is kept as it is there. NaN spreads to its area.
 */
export function coarsen(heat: Grid, rows: number, columns: number): Grid {
  const [height, width] = heat.dims;
  const outHeight = Math.min(rows, height);
  const outWidth = Math.min(columns, width);
  const data = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      let sum = 0;
      let area = 0;
      for (const [y, tall] of overlaps(row, height / outHeight, height)) {
        for (const [x, wide] of overlaps(column, width / outWidth, width)) {
          sum += heat.data[y * width + x]! * tall * wide;
          area += tall * wide;
        }
      }
      data[row * outWidth + column] = sum / area;
    }
  }
  return grid(outHeight, outWidth, data);
}

/** Source cells under the interval [index * length, (index + 1) * length), with the part of each inside of it. */
function overlaps(index: number, length: number, count: number): readonly (readonly [number, number])[] {
  const from = index * length;
  const to = from + length;
  const out: [number, number][] = [];
  for (let cell = Math.floor(from); cell < Math.min(count, Math.ceil(to)); cell++) {
    const part = Math.min(to, cell + 1) - Math.max(from, cell);
    if (part > 1e-9) out.push([cell, part]);
  }
  return out;
}
