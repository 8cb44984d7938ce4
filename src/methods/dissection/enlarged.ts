import { axisWeights } from '../../tensor/resize.ts';

/** Unit maps enlarged bilinearly, one at a time, into a buffer that every call writes anew. */
export class EnlargedUnits {
  readonly #dims: readonly [rows: number, columns: number, height: number, width: number];
  readonly #stretched: Float32Array;
  readonly #out: Float32Array;

  constructor(rows: number, columns: number, height: number, width: number) {
    this.#dims = [rows, columns, height, width];
    this.#stretched = new Float32Array(rows * width);
    this.#out = new Float32Array(height * width);
  }

  fits(...dims: readonly number[]): boolean {
    return this.#dims.every((size, i) => size === dims[i]);
  }

  /** Reads [row, column] of `data` from offset `from` on; the result [y, x] lives until the next call. */
  enlarge(data: Float32Array, from: number): Float32Array {
    const [rows, columns, height, width] = this.#dims;
    const across = axisWeights(columns, width, 'bilinear');
    const down = axisWeights(rows, height, 'bilinear');
    const stretched = this.#stretched;
    const out = this.#out;
    for (let row = 0; row < rows; row += 1) {
      const line = from + row * columns;
      for (let x = 0; x < width; x += 1) {
        const a = data[line + across.index[2 * x]!]!;
        stretched[row * width + x] =
          a + (data[line + across.index[2 * x + 1]!]! - a) * across.weight[2 * x + 1]!;
      }
    }
    for (let y = 0; y < height; y += 1) {
      const upper = down.index[2 * y]! * width;
      const lower = down.index[2 * y + 1]! * width;
      const t = down.weight[2 * y + 1]!;
      for (let x = 0; x < width; x += 1) {
        const a = stretched[upper + x]!;
        out[y * width + x] = a + (stretched[lower + x]! - a) * t;
      }
    }
    return out;
  }
}
