/** Local blend: where the second picture may differ from the first. */

import { type Mask, mask } from '../../../tensor/mask.ts';

/** Share of the largest value above which a cell belongs to the word. */
const THRESHOLD = 0.3;

/**
 * The part of the picture that a word's map covers (Prompt-to-Prompt's local blend): `maps` are sums of attention so far on one
 * grid; 3 x 3 maximum, above 0.3 of its own maximum.
 */
export function blendMask(maps: Float64Array, height: number, width: number): Mask {
  if (maps.length !== height * width)
    throw new RangeError(`blend: ${maps.length} cells, not ${height} x ${width}`);
  const pooled = new Float64Array(maps.length);
  let most = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let value = Number.NEGATIVE_INFINITY;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          value = Math.max(value, maps[ny * width + nx]!);
        }
      }
      pooled[y * width + x] = value;
      most = Math.max(most, value);
    }
  }
  return mask(
    height,
    width,
    Uint8Array.from(pooled, (value) => (value / most > THRESHOLD ? 1 : 0)),
  );
}

/** Adds up maps of chosen tokens over the heads of the finest layers, step after step. */
export class BlendSum {
  readonly #height: number;
  readonly #width: number;
  readonly #sum: Float64Array;

  constructor(height: number, width: number) {
    this.#height = height;
    this.#width = width;
    this.#sum = new Float64Array(height * width);
  }

  /** `data` is [head, query, token] of one layer on this grid; other grids are left out. */
  add(data: Float32Array, heads: number, tokens: number, positions: readonly number[]): void {
    const cells = this.#sum.length;
    if (data.length !== heads * cells * tokens) return;
    for (let head = 0; head < heads; head += 1) {
      for (let cell = 0; cell < cells; cell += 1) {
        const at = (head * cells + cell) * tokens;
        for (const position of positions) this.#sum[cell] = this.#sum[cell]! + data[at + position]!;
      }
    }
  }

  mask(): Mask {
    return blendMask(this.#sum, this.#height, this.#width);
  }
}

/** The cells of either mask, or of both. */
export function union(a: Mask, b: Mask): Mask {
  return mask(
    a.dims[0],
    a.dims[1],
    a.data.map((value, cell) => value | b.data[cell]!),
  );
}

export function intersection(a: Mask, b: Mask): Mask {
  return mask(
    a.dims[0],
    a.dims[1],
    a.data.map((value, cell) => value & b.data[cell]!),
  );
}

/** source + mask x (target - source), every channel alike. `latents` are [channel, y, x] on the mask's grid. */
export function blendLatents(source: Float32Array, target: Float32Array, { data }: Mask): Float32Array {
  return target.map((value, at) => (data[at % data.length] ? value : source[at]!));
}
