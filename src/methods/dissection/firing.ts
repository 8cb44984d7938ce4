import { axisWeights } from '../../tensor/resize.ts';

/**
 * The pixels where a unit fires: bilinear enlargement of its map > threshold, counted by the region they lie in. Between
 * two source rows and two source columns a bilinear surface stays under its corners' maximum, so whole rows and cells
 * that cannot fire are skipped, and the cost follows the firing area rather than the picture's. (A product of dense 0/1
 * masks with label masks, as matrices, costs the same for every unit and loses at quantiles this small.)
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
   * Reads the map [row, column] at offset `from` of `data`, and for every firing pixel adds 1 to `counts[region]`, where
   * `regions` is [y, x] of the output. Returns the number of firing pixels. NaN never fires.
   */
  count(
    data: Float32Array,
    from: number,
    threshold: number,
    regions: Uint16Array,
    counts: Uint32Array,
  ): number {
    const columns = this.#columns;
    const row = this.#row;
    const runs = this.#runs;
    const columnWeight = this.#columnWeight;
    if (from + this.#rows * columns > data.length) throw new RangeError('firing: map beyond the data');
    let fired = 0;
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
        let first = line + runs[r + 2]!;
        let end = line + runs[r + 3]!;
        if (!(a > threshold && b > threshold)) {
          if (!(a > threshold || b > threshold)) continue;
          // Along a run the surface is monotonous: what fires is its beginning or its end.
          const slope = b - a;
          if (b > a) while (!(a + slope * columnWeight[first - line]! > threshold) && first < end) first += 1;
          else while (first < end && !(a + slope * columnWeight[end - 1 - line]! > threshold)) end -= 1;
        }
        fired += end - first;
        for (let at = first; at < end; at += 1) counts[regions[at]!] = counts[regions[at]!]! + 1;
      }
    }
    return fired;
  }
}
