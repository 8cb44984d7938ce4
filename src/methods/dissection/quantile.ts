import { FloatHistogram } from './histogram.ts';
import { arrayOf, numberFact, type Packed } from './packed.ts';
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
  readonly #lowest: Float32Array;
  readonly #highest: Float32Array;
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
    this.#lowest = new Float32Array(units).fill(Number.POSITIVE_INFINITY);
    this.#highest = new Float32Array(units).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes one image. Throws RangeError for a wrong number of units, too many values, or NaN. */
  add(maps: UnitMaps): void {
    const [units, height, width] = maps.dims;
    const positions = height * width;
    if (units !== this.#units) throw new RangeError(`${units} units, not ${this.#units}`);
    this.#claim(positions);
    for (let unit = 0; unit < units; unit += 1) {
      this.#take(unit, maps.data, unit * positions, (unit + 1) * positions);
    }
  }

  /** Takes one image of `positions` values a unit, which `valuesOf` writes unit by unit into a buffer of its own. */
  addUnits(positions: number, valuesOf: (unit: number) => Float32Array): void {
    this.#claim(positions);
    for (let unit = 0; unit < this.#units; unit += 1) this.#take(unit, valuesOf(unit), 0, positions);
  }

  /** Adds what another part of the same announced stream has seen. */
  merge(other: ThresholdFinder): void {
    if (other.#units !== this.#units || other.#count !== this.#count || other.#quantile !== this.#quantile) {
      throw new RangeError('thresholds: parts of different streams');
    }
    if ((other.#heaps === undefined) !== (this.#heaps === undefined)) {
      throw new RangeError('thresholds: exact and counted parts do not mix');
    }
    this.#claim(other.#seen);
    for (let unit = 0; unit < this.#units; unit += 1) {
      this.#lowest[unit] = Math.min(this.#lowest[unit]!, other.#lowest[unit]!);
      this.#highest[unit] = Math.max(this.#highest[unit]!, other.#highest[unit]!);
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
      dead[unit] = this.#lowest[unit] === this.#highest[unit] ? 1 : 0;
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
    const ends = { lowest: this.#lowest, highest: this.#highest };
    if (this.#histogram) return { facts, arrays: { ...ends, ...this.#histogram.save('values') } };
    // Sorted, so that the same values give the same bytes, and cut to those that came.
    const largest = new Float32Array(this.#units * filled);
    for (let unit = 0; unit < this.#units; unit += 1) {
      const sorted = this.#heaps!.slice(unit * kept, (unit + 1) * kept).sort();
      largest.set(sorted.subarray(kept - filled), unit * filled);
    }
    return { facts, arrays: { ...ends, largest } };
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
    finder.#lowest.set(arrayOf(packed, 'lowest', Float32Array, units));
    finder.#highest.set(arrayOf(packed, 'highest', Float32Array, units));
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

  #take(unit: number, values: Float32Array, from: number, end: number): void {
    let low = this.#lowest[unit]!;
    let high = this.#highest[unit]!;
    for (let i = from; i < end; i += 1) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
      if (Number.isNaN(value)) throw new RangeError(`unit ${unit}: NaN activation`);
    }
    this.#lowest[unit] = low;
    this.#highest[unit] = high;
    if (this.#heaps) {
      if (high > this.#heaps[unit * this.#kept]!) this.#keepLargest(this.#heaps, unit, values, from, end);
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
