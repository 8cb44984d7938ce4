import { type Grid, grid } from './tensor.ts';

/**
 * Resampling of grids. The pixel-centre convention of the whole project is stated here: pixel `i` of a row of `n`
 * covers [i, i + 1) and its value stands at its centre, i + 0.5. So output pixel `o` of `m` reads the source at
 * (o + 0.5) * n / m - 0.5, and beyond the outermost centres the edge value is repeated. This is PyTorch's
 * `interpolate(align_corners=False, antialias=False)`: enlarging and reducing use the same 2 (bilinear) or 4
 * (bicubic, a = -0.75) taps in each direction.
 */
export type Interpolation = 'bilinear' | 'bicubic';

/** For each output position: `taps` source positions (clamped to the edge) and their weights, which sum to 1. */
export interface AxisWeights {
  readonly taps: 2 | 4;
  /** [output, tap] */
  readonly index: Int32Array;
  /** [output, tap] */
  readonly weight: Float32Array;
}

const cache = new Map<string, AxisWeights>();
const cacheLimit = 64;

/** Weights that carry an axis of `from` positions to one of `to` positions; kept for the next caller, not to be written to. */
export function axisWeights(from: number, to: number, interpolation: Interpolation): AxisWeights {
  const key = `${interpolation} ${from} ${to}`;
  const known = cache.get(key);
  if (known) return known;
  const made = makeWeights(from, to, interpolation);
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(key, made);
  return made;
}

/**
 * Resizes `source` to `height` x `width`. Values keep their unit; bicubic may overshoot the source's range by up to a
 * fifth at edges, bilinear never does. NaN spreads to the pixels that read it. The result never aliases the source.
 */
export function resize(source: Grid, height: number, width: number, interpolation: Interpolation): Grid {
  const out = new Float32Array(height * width);
  const [rows, columns] = source.dims;
  const across = stretchRows(source.data, rows, columns, width, interpolation);
  const down = axisWeights(rows, height, interpolation);
  for (let y = 0; y < height; y += 1) {
    const o = y * width;
    if (down.taps === 2) {
      const a = down.index[2 * y]! * width;
      const b = down.index[2 * y + 1]! * width;
      const wa = down.weight[2 * y]!;
      const wb = down.weight[2 * y + 1]!;
      for (let x = 0; x < width; x += 1) out[o + x] = wa * across[a + x]! + wb * across[b + x]!;
    } else {
      const a = down.index[4 * y]! * width;
      const b = down.index[4 * y + 1]! * width;
      const c = down.index[4 * y + 2]! * width;
      const d = down.index[4 * y + 3]! * width;
      const wa = down.weight[4 * y]!;
      const wb = down.weight[4 * y + 1]!;
      const wc = down.weight[4 * y + 2]!;
      const wd = down.weight[4 * y + 3]!;
      for (let x = 0; x < width; x += 1) {
        out[o + x] = wa * across[a + x]! + wb * across[b + x]! + wc * across[c + x]! + wd * across[d + x]!;
      }
    }
  }
  return grid(height, width, out);
}

/** The horizontal half of the separable pass: [rows, columns] to [rows, width]. */
export function stretchRows(
  data: Float32Array,
  rows: number,
  columns: number,
  width: number,
  interpolation: Interpolation,
): Float32Array {
  const out = new Float32Array(rows * width);
  const { taps, index, weight } = axisWeights(columns, width, interpolation);
  for (let y = 0; y < rows; y += 1) {
    const from = y * columns;
    const to = y * width;
    for (let x = 0; x < width; x += 1) {
      const t = x * taps;
      let value = 0;
      for (let k = 0; k < taps; k += 1) value += weight[t + k]! * data[from + index[t + k]!]!;
      out[to + x] = value;
    }
  }
  return out;
}

function makeWeights(from: number, to: number, interpolation: Interpolation): AxisWeights {
  for (const size of [from, to]) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`invalid grid size: ${size}`);
  }
  const taps = interpolation === 'bilinear' ? 2 : 4;
  const index = new Int32Array(to * taps);
  const weight = new Float32Array(to * taps);
  for (let o = 0; o < to; o += 1) {
    const centre = ((o + 0.5) * from) / to - 0.5;
    const left = Math.floor(centre);
    const t = centre - left;
    const first = interpolation === 'bilinear' ? left : left - 1;
    const weights = interpolation === 'bilinear' ? [1 - t, t] : cubic(t);
    for (let k = 0; k < taps; k += 1) {
      index[o * taps + k] = Math.min(from - 1, Math.max(0, first + k));
      weight[o * taps + k] = weights[k]!;
    }
  }
  return { taps, index, weight };
}

/** Keys' cubic convolution with a = -0.75 (the value of PyTorch and OpenCV), at distances 1 + t, t, 1 - t, 2 - t. */
function cubic(t: number): readonly number[] {
  const a = -0.75;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}
