import type { Regions } from '../../tensor/regions.ts';
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
  readonly #width: number;
  readonly #rowWeight: Float64Array;
  readonly #columnWeight: Float64Array;
  /** Runs of output rows that read the same two source rows: [run, (upper, lower, first, end)]; of columns likewise. */
  readonly #bands: Int32Array;
  readonly #runs: Int32Array;
  readonly #row: Float64Array;
  /** Highest value of each source row. */
  readonly #peaks: Float64Array;
  #map: Uint16Array = new Uint16Array(0);
  /** [y, x], the pixel behind the run of equal regions that the pixel lies in. */
  readonly #ends: Uint32Array;
  #counts = new Uint32Array(0);
  #touched = new Uint16Array(0);
  #hit = 0;

  constructor(rows: number, columns: number, height: number, width: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.#width = width;
    const down = axisWeights(rows, height, 'bilinear');
    const across = axisWeights(columns, width, 'bilinear');
    this.#rowWeight = Float64Array.from({ length: height }, (_, y) => down.weight[2 * y + 1]!);
    this.#columnWeight = Float64Array.from({ length: width }, (_, x) => across.weight[2 * x + 1]!);
    this.#bands = runsOf(down.index, height);
    this.#runs = runsOf(across.index, width);
    this.#row = new Float64Array(columns);
    this.#peaks = new Float64Array(rows);
    this.#ends = new Uint32Array(height * width);
  }

  /** Firing pixels of the map that was counted last, by region. */
  get counts(): Uint32Array {
    return this.#counts;
  }

  /** The regions that it fires in: the first `hits`. */
  get touched(): Uint16Array {
    return this.#touched;
  }

  get hits(): number {
    return this.#hit;
  }

  /** Takes the regions of a picture, in which the maps of all its units are then counted. Throws RangeError for another size. */
  lay({ map, pixels }: Pick<Regions, 'map' | 'pixels'>): void {
    const ends = this.#ends;
    if (map.length !== ends.length) throw new RangeError(`firing: ${map.length} pixels, not ${ends.length}`);
    this.#map = map;
    this.#counts = new Uint32Array(pixels.length);
    this.#touched = new Uint16Array(pixels.length);
    this.#hit = 0;
    let end = ends.length;
    for (let at = ends.length - 1; at >= 0; at -= 1) {
      if (map[at] !== map[end - 1]) end = at + 1;
      ends[at] = end;
    }
  }

  /** Counts the map [row, column] at offset `from` of `data`. Returns the number of firing pixels. NaN never fires. */
  count(data: Float32Array, from: number, threshold: number): number {
    const map = this.#map;
    const ends = this.#ends;
    const counts = this.#counts;
    const touched = this.#touched;
    for (let i = 0; i < this.#hit; i += 1) counts[touched[i]!] = 0;
    let hit = 0;
    const columns = this.#columns;
    const row = this.#row;
    const runs = this.#runs;
    const columnWeight = this.#columnWeight;
    if (from + this.#rows * columns > data.length) throw new RangeError('firing: map beyond the data');
    const peaks = this.#peaks;
    const bands = this.#bands;
    const [left, right] = this.#bounds(data, from, threshold);
    let fired = 0;
    for (let band = 0; band < bands.length; band += 4) {
      const above = bands[band]!;
      const below = bands[band + 1]!;
      if (!(peaks[above]! > threshold || peaks[below]! > threshold)) continue;
      const upper = from + above * columns;
      const lower = from + below * columns;
      for (let y = bands[band + 2]!; y < bands[band + 3]!; y += 1) {
        const t = this.#rowWeight[y]!;
        let fires = false;
        for (let c = left; c <= right; c += 1) {
          const a = data[upper + c]!;
          const value = a + (data[lower + c]! - a) * t;
          row[c] = value;
          if (value > threshold) fires = true;
        }
        if (!fires) continue;
        const line = y * this.#width;
        for (let r = 0; r < runs.length; r += 4) {
          if (runs[r]! < left) continue;
          if (runs[r + 1]! > right) break;
          const a = row[runs[r]!]!;
          const b = row[runs[r + 1]!]!;
          let first = runs[r + 2]!;
          let end = runs[r + 3]!;
          if (!(a > threshold && b > threshold)) {
            if (!(a > threshold || b > threshold)) continue;
            // Along a run the surface is monotonous: what fires is its beginning or its end.
            const slope = b - a;
            const begin = columnWeight[first]!;
            const step = end - first > 1 ? columnWeight[first + 1]! - begin : 1;
            // Where the line meets the threshold; off by a pixel at most, by rounding, which the pixels themselves put right.
            let at = first + Math.ceil(((threshold - a) / slope - begin) / step);
            if (!(at > first)) at = first;
            else if (at > end) at = end;
            if (b > a) {
              while (at > first && a + slope * columnWeight[at - 1]! > threshold) at -= 1;
              while (at < end && !(a + slope * columnWeight[at]! > threshold)) at += 1;
              first = at;
            } else {
              while (at > first && !(a + slope * columnWeight[at - 1]! > threshold)) at -= 1;
              while (at < end && a + slope * columnWeight[at]! > threshold) at += 1;
              end = at;
            }
          }
          fired += end - first;
          end += line;
          for (let at = line + first; at < end; ) {
            const region = map[at]!;
            const next = ends[at]! < end ? ends[at]! : end;
            if (counts[region] === 0) touched[hit++] = region;
            counts[region] = counts[region]! + next - at;
            at = next;
          }
        }
      }
    }
    this.#hit = hit;
    return fired;
  }

  /** Fills the rows' peaks; the first and last column that a firing pixel can have to do with. */
  #bounds(data: Float32Array, from: number, threshold: number): readonly [left: number, right: number] {
    const columns = this.#columns;
    let first = columns;
    let last = -1;
    for (let row = 0; row < this.#rows; row += 1) {
      let peak = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < columns; c += 1) {
        const value = data[from + row * columns + c]!;
        if (value > peak) peak = value;
        if (value > threshold) {
          if (c < first) first = c;
          if (c > last) last = c;
        }
      }
      this.#peaks[row] = peak;
    }
    return [Math.max(first - 1, 0), Math.min(last + 1, columns - 1)];
  }
}

/** Runs of output places that read the same two source places: [run, (before, after, first, end)]. */
function runsOf(index: ArrayLike<number>, count: number): Int32Array {
  const runs: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const before = index[2 * at]!;
    const after = index[2 * at + 1]!;
    const last = runs.length - 4;
    if (last >= 0 && runs[last] === before && runs[last + 1] === after) runs[last + 3] = at + 1;
    else runs.push(before, after, at, at + 1);
  }
  return Int32Array.from(runs);
}
