import { FloatHistogram } from './histogram.ts';
import { arrayOf, numberFact, type Packed } from './packed.ts';
import { peakOf, peaksOf } from './peaks.ts';
import type { UnitMaps } from './units.ts';

/** Per unit, the activation above which a position counts as firing. */
export interface Thresholds {
  readonly threshold: Float32Array;
  /** 1 for a unit whose activation never varied: it can detect nothing. */
  readonly dead: Uint8Array;
  /** Top share of activations above the threshold. */
  readonly quantile: number;
  /** How far from the true quantile a threshold may lie, as a share of its size: 0, or 2^-7 from histograms. */
  readonly relativeError: number;
}

export interface ThresholdOptions {
  readonly units: number;
  /** Values each unit will have at most, in all parts together: images x positions. */
  readonly count: number;
  /** Top share, 0.005 in recipe `netdissect`. */
  readonly quantile: number;
  /** Above this many bytes of kept values, histograms take over. Default 128 MiB. */
  readonly exactBytes?: number;
}

/**
 * Finds every unit's top quantile over all images and positions, in one stream: position (n - 1) * (1 - quantile) of the
 * n sorted values, linearly interpolated (NumPy's `quantile`), rounded to float32. Exact while the largest values that
 * decide it fit into `exactBytes` (units x (count x quantile + 2) x 4), as they do for thousands of images; else from
 * histograms, which are sums. Parts of a stream, each announced with the count of the whole, merge to the same thresholds.
 */
export class ThresholdFinder {
  readonly #units: number;
  readonly #count: number;
  readonly #quantile: number;
  /** Values to keep of each unit; with all values seen, the smallest kept is the lower neighbour of the quantile's position. */
  readonly #kept: number;
  /** Min-heaps [unit, kept]; absent when histograms count. */
  #heaps: Float32Array | undefined;
  #histogram: FloatHistogram | undefined;
  /** The one value that all positions of a unit had; NaN once it varied. */
  readonly #constant: Float32Array;
  #seen = 0;

  constructor({ units, count, quantile, exactBytes = 128 * 1024 * 1024 }: ThresholdOptions) {
    if (!(quantile > 0 && quantile < 1)) throw new RangeError(`invalid quantile: ${quantile}`);
    if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`invalid count: ${count}`);
    this.#units = units;
    this.#count = count;
    this.#quantile = quantile;
    this.#kept = count - Math.floor((count - 1) * (1 - quantile));
    if (units * this.#kept * 4 <= exactBytes) {
      this.#heaps = new Float32Array(units * this.#kept).fill(Number.NEGATIVE_INFINITY);
    } else this.#histogram = new FloatHistogram(units);
    this.#constant = new Float32Array(units);
  }

  /** Takes one image; `peaks` are its own, where known. Throws RangeError for a wrong number of units, too many values, or NaN. */
  add(maps: UnitMaps, peaks: Float32Array = peaksOf(maps)): void {
    const [units, height, width] = maps.dims;
    const positions = height * width;
    if (units !== this.#units) throw new RangeError(`${units} units, not ${this.#units}`);
    this.#claim(positions);
    for (let unit = 0; unit < units; unit += 1) {
      this.#take(unit, maps.data, unit * positions, (unit + 1) * positions, peaks[unit]!);
    }
  }

  /**
   * Takes one image of `positions` values a unit, which `valuesOf` writes unit by unit into a buffer of its own. Throws
   * RangeError for NaN.
   */
  addUnits(positions: number, valuesOf: (unit: number) => Float32Array): void {
    this.#claim(positions);
    for (let unit = 0; unit < this.#units; unit += 1) {
      const values = valuesOf(unit);
      this.#take(unit, values, 0, positions, peakOf(values, 0, positions, unit));
    }
  }

  /** Adds what another part of the same announced stream has seen. */
  merge(other: ThresholdFinder): void {
    if (other.#units !== this.#units || other.#count !== this.#count || other.#quantile !== this.#quantile) {
      throw new RangeError('thresholds: parts of different streams');
    }
    if ((other.#heaps === undefined) !== (this.#heaps === undefined)) {
      throw new RangeError('thresholds: exact and counted parts do not mix');
    }
    if (other.#seen === 0) return;
    if (this.#seen === 0) this.#constant.set(other.#constant);
    this.#claim(other.#seen);
    for (let unit = 0; unit < this.#units; unit += 1) {
      if (this.#constant[unit] !== other.#constant[unit]) this.#constant[unit] = Number.NaN;
      if (other.#heaps) {
        this.#keepLargest(this.#heaps!, unit, other.#heaps, unit * this.#kept, (unit + 1) * this.#kept);
      }
    }
    if (other.#histogram) this.#histogram!.merge(other.#histogram);
  }

  /** Of the values that came, which may be fewer than announced. Throws RangeError for none. */
  thresholds(): Thresholds {
    const seen = this.#seen;
    if (seen === 0) throw new RangeError('thresholds: no values came');
    const position = (seen - 1) * (1 - this.#quantile);
    const part = position - Math.floor(position);
    // Ranks from the top of the values below and above the position.
    const below = seen - 1 - Math.floor(position);
    const above = Math.max(0, below - 1);
    const threshold = new Float32Array(this.#units);
    const dead = new Uint8Array(this.#units);
    for (let unit = 0; unit < this.#units; unit += 1) {
      const [low, high] = this.#ranked(unit, below, above);
      threshold[unit] = low + (high - low) * part;
      dead[unit] = Number.isNaN(this.#constant[unit]) ? 0 : 1;
    }
    return { threshold, dead, quantile: this.#quantile, relativeError: this.#heaps ? 0 : 2 ** -7 };
  }

  save(): Packed {
    const kept = this.#kept;
    const filled = Math.min(this.#seen, kept);
    const facts = {
      units: this.#units,
      count: this.#count,
      quantile: this.#quantile,
      seen: this.#seen,
      exact: this.#heaps ? 1 : 0,
    };
    const constant = { constant: this.#constant };
    if (this.#histogram) return { facts, arrays: { ...constant, ...this.#histogram.save('values') } };
    // Sorted, so that the same values give the same bytes, and cut to those that came.
    const largest = new Float32Array(this.#units * filled);
    for (let unit = 0; unit < this.#units; unit += 1) {
      const sorted = this.#heaps!.slice(unit * kept, (unit + 1) * kept).sort();
      largest.set(sorted.subarray(kept - filled), unit * filled);
    }
    return { facts, arrays: { ...constant, largest } };
  }

  static load(packed: Packed): ThresholdFinder {
    const units = numberFact(packed, 'units');
    const exact = numberFact(packed, 'exact') === 1;
    const finder = new ThresholdFinder({
      units,
      count: numberFact(packed, 'count'),
      quantile: numberFact(packed, 'quantile'),
      exactBytes: exact ? Number.POSITIVE_INFINITY : 0,
    });
    finder.#seen = numberFact(packed, 'seen');
    finder.#constant.set(arrayOf(packed, 'constant', Float32Array, units));
    if (!exact) finder.#histogram = FloatHistogram.load(packed, 'values');
    else {
      const filled = Math.min(finder.#seen, finder.#kept);
      const largest = arrayOf(packed, 'largest', Float32Array, units * filled);
      for (let unit = 0; unit < units; unit += 1) {
        finder.#keepLargest(finder.#heaps!, unit, largest, unit * filled, (unit + 1) * filled);
      }
    }
    return finder;
  }

  #claim(values: number): void {
    if (this.#seen + values > this.#count) {
      throw new RangeError(`more than the announced ${this.#count} values`);
    }
    this.#seen += values;
  }

  #take(unit: number, values: Float32Array, from: number, end: number, peak: number): void {
    if (this.#seen === end - from) this.#constant[unit] = values[from]!;
    const constant = this.#constant[unit]!;
    if (!Number.isNaN(constant)) {
      for (let i = from; i < end; i += 1) if (values[i] !== constant) this.#constant[unit] = Number.NaN;
    }
    if (this.#heaps) {
      if (peak > this.#heaps[unit * this.#kept]!) this.#keepLargest(this.#heaps, unit, values, from, end);
    } else for (let i = from; i < end; i += 1) this.#histogram!.add(unit, values[i]!);
  }

  /** The values of two ranks from the top. */
  #ranked(unit: number, below: number, above: number): readonly [number, number] {
    if (this.#histogram) return [this.#histogram.fromTop(unit, below), this.#histogram.fromTop(unit, above)];
    const sorted = this.#heaps!.slice(unit * this.#kept, (unit + 1) * this.#kept).sort();
    return [sorted[this.#kept - 1 - below]!, sorted[this.#kept - 1 - above]!];
  }

  /** Replaces the heap's smallest by every larger value. Most values fall to the one comparison. */
  #keepLargest(heaps: Float32Array, unit: number, values: Float32Array, from: number, end: number): void {
    const kept = this.#kept;
    const root = unit * kept;
    for (let i = from; i < end; i += 1) {
      const value = values[i]!;
      if (value <= heaps[root]!) continue;
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
