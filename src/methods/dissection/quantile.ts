import { FloatHistogram } from './histogram.ts';
import type { UnitMaps } from './units.ts';

/** Per unit, the activation above which a position counts as firing. */
export interface Thresholds {
  readonly threshold: Float32Array;
  /** 1 for a unit whose activation never varied: it can detect nothing. */
  readonly dead: Uint8Array;
  /** Top share of activations above the threshold. */
  readonly quantile: number;
  /** How far above the true quantile a threshold may lie, as a share of its size: 0, or 2^-7 from histograms. */
  readonly relativeError: number;
}

export interface ThresholdOptions {
  readonly units: number;
  /** Values each unit will have in all: images x positions. */
  readonly count: number;
  /** Top share, 0.005 in recipe `netdissect`. */
  readonly quantile: number;
  /** Above this many bytes of kept values, histograms take over. Default 128 MiB. */
  readonly exactBytes?: number;
}

/**
 * Finds every unit's top quantile over all images and positions, in one stream: position (count - 1) * (1 - quantile)
 * of the sorted values, linearly interpolated (NumPy's `quantile`), rounded to float32. Exact while the largest values that decide it fit
 * into `exactBytes` (units x (count x quantile + 2) x 4), as they do for thousands of images; else from histograms.
 */
export class ThresholdFinder {
  readonly #options: ThresholdOptions;
  /** Values to keep of each unit; the smallest kept is the lower neighbour of the quantile's position. */
  readonly #kept: number;
  /** Min-heaps [unit, kept]; absent when histograms count. */
  readonly #heaps: Float32Array | undefined;
  readonly #histogram: FloatHistogram | undefined;
  readonly #first: Float32Array;
  readonly #dead: Uint8Array;
  #seen = 0;

  constructor(options: ThresholdOptions) {
    const { units, count, quantile, exactBytes = 128 * 1024 * 1024 } = options;
    if (!(quantile > 0 && quantile < 1)) throw new RangeError(`invalid quantile: ${quantile}`);
    if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`invalid count: ${count}`);
    this.#options = options;
    this.#kept = count - Math.floor((count - 1) * (1 - quantile));
    if (units * this.#kept * 4 <= exactBytes) {
      this.#heaps = new Float32Array(units * this.#kept).fill(Number.NEGATIVE_INFINITY);
    } else this.#histogram = new FloatHistogram(units);
    this.#first = new Float32Array(units);
    this.#dead = new Uint8Array(units).fill(1);
  }

  /** Takes one image. Throws RangeError for a wrong number of units, too many values, or NaN. */
  add(maps: UnitMaps): void {
    const [units, height, width] = maps.dims;
    const positions = height * width;
    if (units !== this.#options.units) throw new RangeError(`${units} units, not ${this.#options.units}`);
    if (this.#seen + positions > this.#options.count) {
      throw new RangeError(`more than the announced ${this.#options.count} values`);
    }
    for (let unit = 0; unit < units; unit += 1) {
      const values = maps.data.subarray(unit * positions, (unit + 1) * positions);
      if (this.#dead[unit] === 1) this.#lookForLife(unit, values);
      if (this.#heaps) this.#keepLargest(this.#heaps, unit, values);
      else this.#count(unit, values);
    }
    this.#seen += positions;
  }

  /** Throws RangeError unless all announced values came. */
  thresholds(): Thresholds {
    const { units, count, quantile } = this.#options;
    if (this.#seen !== count) throw new RangeError(`${this.#seen} of ${count} values came`);
    const position = (count - 1) * (1 - quantile);
    const part = position - Math.floor(position);
    const threshold = new Float32Array(units);
    for (let unit = 0; unit < units; unit += 1) {
      const [low, high] = this.#neighbours(unit);
      threshold[unit] = low + (high - low) * part;
    }
    return { threshold, dead: this.#dead, quantile, relativeError: this.#heaps ? 0 : 2 ** -7 };
  }

  /** The order statistics on both sides of the quantile's position. */
  #neighbours(unit: number): readonly [number, number] {
    const kept = this.#kept;
    if (!this.#heaps) {
      const histogram = this.#histogram!;
      return [histogram.fromTop(unit, kept - 1), histogram.fromTop(unit, Math.max(0, kept - 2))];
    }
    const root = unit * kept;
    const low = this.#heaps[root]!;
    // The second smallest of a heap is one of the root's children.
    const left = kept > 1 ? this.#heaps[root + 1]! : low;
    return [low, kept > 2 ? Math.min(left, this.#heaps[root + 2]!) : left];
  }

  #lookForLife(unit: number, values: Float32Array): void {
    if (this.#seen === 0) this.#first[unit] = values[0]!;
    const first = this.#first[unit]!;
    for (const value of values) {
      if (value !== first) {
        this.#dead[unit] = 0;
        return;
      }
    }
  }

  #count(unit: number, values: Float32Array): void {
    for (const value of values) {
      if (Number.isNaN(value)) throw new RangeError(`unit ${unit}: NaN activation`);
      this.#histogram!.add(unit, value);
    }
  }

  /** Replaces the heap's smallest by every larger value. Most values fall to the one comparison. */
  #keepLargest(heaps: Float32Array, unit: number, values: Float32Array): void {
    const kept = this.#kept;
    const root = unit * kept;
    for (const value of values) {
      if (value <= heaps[root]!) continue;
      if (Number.isNaN(value)) throw new RangeError(`unit ${unit}: NaN activation`);
      let hole = 0;
      for (;;) {
        let child = 2 * hole + 1;
        if (child >= kept) break;
        if (child + 1 < kept && heaps[root + child + 1]! < heaps[root + child]!) child += 1;
        if (heaps[root + child]! >= value) break;
        heaps[root + hole] = heaps[root + child]!;
        hole = child;
      }
      heaps[root + hole] = value;
    }
  }
}
