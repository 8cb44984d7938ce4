import { axisWeights, resize, stretchRows } from './resize.ts';
import { type Grid, grid } from './tensor.ts';

/**
 * Mean over `sources` of max(0, bicubic enlargement): the core of an attention heatmap, where the clamp takes away
 * bicubic's overshoot below 0. Sources may differ in size. Values >= 0 in the sources' unit. Throws RangeError for none.
 *
 * Fast because max(0, v) = v + max(0, -v): the first term is linear, so sources of one size are added before they are
 * enlarged; the second is almost everywhere 0, and a test of four numbers proves it for a whole column of a cell.
 */
export function meanClampedBicubic(sources: readonly Grid[], height: number, width: number): Grid {
  if (sources.length === 0) throw new RangeError('meanClampedBicubic: no sources');
  const out = new Float32Array(height * width);
  const share = 1 / sources.length;
  for (const group of bySize(sources)) {
    const [rows, columns] = group[0]!.dims;
    const sum = new Float32Array(rows * columns);
    for (const { data } of group) for (let i = 0; i < sum.length; i += 1) sum[i] = sum[i]! + share * data[i]!;
    const linear = resize(grid(rows, columns, sum), height, width, 'bicubic').data;
    for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + linear[i]!;
    for (const { data } of group) {
      addUndershoot(stretchRows(data, rows, columns, width, 'bicubic'), rows, height, width, share, out);
    }
  }
  // Rounding leaves a few -1e-9 where the two terms cancel.
  for (let i = 0; i < out.length; i += 1) if (out[i]! < 0) out[i] = 0;
  return grid(height, width, out);
}

/**
 * Adds share x max(0, -v), v the vertical cubic through `across` [rows, width]. Between two source rows v is the cubic
 * Bezier with control values p1, p1 + (p2 - p0) / 4, p2 - (p3 - p1) / 4, p2 (the slope at a source row is -a = 3/4 of the
 * difference of its neighbours), so it is never negative where none of them is.
 */
function addUndershoot(
  across: Float32Array,
  rows: number,
  height: number,
  width: number,
  share: number,
  out: Float32Array,
): void {
  const { index, weight } = axisWeights(rows, height, 'bicubic');
  for (let y = 0; y < height; ) {
    const first = y;
    while (y < height && sameTaps(index, first, y)) y += 1;
    const a = index[4 * first]! * width;
    const b = index[4 * first + 1]! * width;
    const c = index[4 * first + 2]! * width;
    const d = index[4 * first + 3]! * width;
    for (let x = 0; x < width; x += 1) {
      const p0 = across[a + x]!;
      const p1 = across[b + x]!;
      const p2 = across[c + x]!;
      const p3 = across[d + x]!;
      if (p1 >= 0 && p2 >= 0 && 4 * p1 + p2 >= p0 && 4 * p2 + p1 >= p3) continue;
      for (let row = first; row < y; row += 1) {
        const t = 4 * row;
        const value = weight[t]! * p0 + weight[t + 1]! * p1 + weight[t + 2]! * p2 + weight[t + 3]! * p3;
        const at = row * width + x;
        if (value < 0) out[at] = out[at]! - share * value;
      }
    }
  }
}

/** Whether two output rows read the same four source rows, that is, lie in the same cell. */
function sameTaps(index: Int32Array, one: number, other: number): boolean {
  for (let k = 0; k < 4; k += 1) if (index[4 * one + k] !== index[4 * other + k]) return false;
  return true;
}

function bySize(sources: readonly Grid[]): readonly (readonly Grid[])[] {
  const groups = new Map<string, Grid[]>();
  for (const source of sources) {
    const key = source.dims.join(' ');
    const group = groups.get(key);
    if (group) group.push(source);
    else groups.set(key, [source]);
  }
  return [...groups.values()];
}
