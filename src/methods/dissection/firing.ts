import { axisWeights } from '../../tensor/resize.ts';

/**
 * The pixels where a unit fires: bilinear enlargement of its map > threshold, by rows and cells. Between two source
 * rows and two source columns a bilinear surface stays under its corners' maximum, so whole rows and cells that cannot
 * fire are skipped, and the cost follows the firing area rather than the picture's.
 */
export class FiringPixels {
  readonly #rows: number;
  readonly #columns: number;
  readonly #height: number;
  readonly #width: number;
  readonly #rowIndex: Int32Array;
  readonly #rowWeight: Float64Array;
  readonly #columnWeight: Float64Array;
  /** Runs of output columns that read the same two source columns: [run, (left, right, first, end)]. */
  readonly #runs: Int32Array;
  readonly #row: Float64Array;

  constructor(rows: number, columns: number, height: number, width: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.#height = height;
    this.#width = width;
    const down = axisWeights(rows, height, 'bilinear');
    const across = axisWeights(columns, width, 'bilinear');
    this.#rowIndex = down.index;
    this.#rowWeight = Float64Array.from({ length: height }, (_, y) => down.weight[2 * y + 1]!);
    this.#columnWeight = Float64Array.from({ length: width }, (_, x) => across.weight[2 * x + 1]!);
    const runs: number[] = [];
    for (let x = 0; x < width; x += 1) {
      const left = across.index[2 * x]!;
      const right = across.index[2 * x + 1]!;
      const last = runs.length - 4;
      if (last >= 0 && runs[last] === left && runs[last + 1] === right) runs[last + 3] = x + 1;
      else runs.push(left, right, x, x + 1);
    }
    this.#runs = Int32Array.from(runs);
    this.#row = new Float64Array(columns);
  }

  /**
   * Reads the map [row, column] at offset `from` of `data`; writes the firing pixels' indices, y * width + x ascending,
   * to `out` (which holds height * width) and returns their number. NaN never fires.
   */
  find(data: Float32Array, from: number, threshold: number, out: Int32Array): number {
    const columns = this.#columns;
    const row = this.#row;
    const runs = this.#runs;
    const columnWeight = this.#columnWeight;
    if (from + this.#rows * columns > data.length) throw new RangeError('firing: map beyond the data');
    let count = 0;
    for (let y = 0; y < this.#height; y += 1) {
      const upper = from + this.#rowIndex[2 * y]! * columns;
      const lower = from + this.#rowIndex[2 * y + 1]! * columns;
      const t = this.#rowWeight[y]!;
      let fires = false;
      for (let c = 0; c < columns; c += 1) {
        const a = data[upper + c]!;
        const value = a + (data[lower + c]! - a) * t;
        row[c] = value;
        if (value > threshold) fires = true;
      }
      if (!fires) continue;
      const line = y * this.#width;
      for (let r = 0; r < runs.length; r += 4) {
        const a = row[runs[r]!]!;
        const b = row[runs[r + 1]!]!;
        const end = runs[r + 3]!;
        if (a > threshold && b > threshold) {
          for (let x = runs[r + 2]!; x < end; x += 1) out[count++] = line + x;
        } else if (a > threshold || b > threshold) {
          const slope = b - a;
          for (let x = runs[r + 2]!; x < end; x += 1) {
            if (a + slope * columnWeight[x]! > threshold) out[count++] = line + x;
          }
        }
      }
    }
    return count;
  }
}
