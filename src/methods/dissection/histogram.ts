import { arrayOf, type Packed, type PackedArray } from './packed.ts';

export const pages = 256;
export const pageBins = 256;

/** The bin of a float32's bits: its ordered top 16. Negative floats run backwards, so they are flipped; the others' sign is set. */
export function orderedBin(bits: number): number {
  return (bits & 0x80000000) !== 0 ? ~bits >>> 16 : (bits >>> 16) | 0x8000;
}

/**
 * Counts of float32 values by their top 16 bits, for many units, in bounded memory: order is kept exactly between bins,
 * and inside a bin values share sign, exponent and 7 bits of mantissa. Pages of 256 bins are made when first touched;
 * real activations touch a dozen or two of them (1 KB each). Counts are integers: histograms of parts add up exactly.
 */
export class FloatHistogram {
  readonly units: number;
  readonly #index: Uint32Array;
  #pool = new Uint32Array(16 * pageBins);
  #used = 0;
  readonly #word = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#word.buffer);

  constructor(units: number) {
    this.units = units;
    this.#index = new Uint32Array(units * pages);
  }

  add(unit: number, value: number): void {
    this.#word[0] = value;
    this.#addBin(unit, orderedBin(this.#bits[0]!), 1);
  }

  /** Adds one value to each unit: `values[unit]`. */
  addEach(values: Float32Array): void {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let unit = 0; unit < bits.length; unit += 1) this.#addBin(unit, orderedBin(bits[unit]!), 1);
  }

  /** Values that a unit has taken. */
  total(unit: number): number {
    let total = 0;
    this.eachBin(unit, (_, count) => {
      total += count;
    });
    return total;
  }

  /** [unit, page], place of the page in `counts` plus 1; 0 for a page that was never touched. Not a copy. */
  get index(): Uint32Array {
    return this.#index;
  }

  /** [place, bin] of the pages that were touched. Not a copy. */
  get counts(): Uint32Array {
    return this.#pool.subarray(0, this.#used * pageBins);
  }

  /** Adds the counts of another histogram of as many units. */
  merge(other: FloatHistogram): void {
    if (other.units !== this.units)
      throw new RangeError(`histograms of ${other.units} and ${this.units} units`);
    for (let unit = 0; unit < this.units; unit += 1) {
      other.eachBin(unit, (bin, count) => this.#addBin(unit, bin, count));
    }
  }

  /** Calls back with every bin that holds something, ascending. */
  eachBin(unit: number, visit: (bin: number, count: number) => void): void {
    for (let page = 0; page < pages; page += 1) {
      const place = this.#index[unit * pages + page]!;
      if (place === 0) continue;
      const from = (place - 1) * pageBins;
      for (let bin = 0; bin < pageBins; bin += 1) {
        const count = this.#pool[from + bin]!;
        if (count !== 0) visit(page * pageBins + bin, count);
      }
    }
  }

  /**
   * The order statistic with `rank` values before it, counted from the largest (0), as if the values of its bin lay evenly
   * in it: off by at most the bin's width, 2^-7 (0.8%) of the value's size for normal floats, and by far less where many lie.
   */
  fromTop(unit: number, rank: number): number {
    let left = rank;
    for (let page = pages - 1; page >= 0; page -= 1) {
      const place = this.#index[unit * pages + page]!;
      if (place === 0) continue;
      const from = (place - 1) * pageBins;
      for (let bin = pageBins - 1; bin >= 0; bin -= 1) {
        const count = this.#pool[from + bin]!;
        if (left < count) {
          const [low, high] = this.#edges(page * pageBins + bin);
          return high - ((high - low) * (left + 0.5)) / count;
        }
        left -= count;
      }
    }
    throw new RangeError(`unit ${unit} has no value of rank ${rank}`);
  }

  /** The bins that hold something, all units after one another, under names that begin with `name`. */
  save(name: string): Record<string, PackedArray> {
    const counts = new Uint32Array(this.units);
    const bins: number[] = [];
    const values: number[] = [];
    for (let unit = 0; unit < this.units; unit += 1) {
      this.eachBin(unit, (bin, count) => {
        counts[unit] = counts[unit]! + 1;
        bins.push(bin);
        values.push(count);
      });
    }
    return {
      [`${name}.lengths`]: counts,
      [`${name}.bins`]: Uint16Array.from(bins),
      [`${name}.counts`]: Uint32Array.from(values),
    };
  }

  static load(packed: Packed, name: string): FloatHistogram {
    const lengths = arrayOf(packed, `${name}.lengths`, Uint32Array);
    const bins = arrayOf(packed, `${name}.bins`, Uint16Array);
    const counts = arrayOf(packed, `${name}.counts`, Uint32Array, bins.length);
    const histogram = new FloatHistogram(lengths.length);
    let at = 0;
    lengths.forEach((length, unit) => {
      for (const end = at + length; at < end; at += 1) histogram.#addBin(unit, bins[at]!, counts[at]!);
    });
    return histogram;
  }

  #addBin(unit: number, bin: number, count: number): void {
    const entry = unit * pages + (bin >>> 8);
    const place = this.#index[entry]! || this.#newPage(entry);
    const at = (place - 1) * pageBins + (bin & 255);
    this.#pool[at] = this.#pool[at]! + count;
  }

  #newPage(entry: number): number {
    this.#used += 1;
    if (this.#used * pageBins > this.#pool.length) {
      const larger = new Uint32Array(2 * this.#pool.length);
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#index[entry] = this.#used;
    return this.#used;
  }

  /** Smallest and largest value of a bin. */
  #edges(ordered: number): readonly [low: number, high: number] {
    const top = (ordered << 16) >>> 0;
    const negative = (top & 0x80000000) === 0;
    this.#bits[0] = negative ? ~(top | 0xffff) >>> 0 : (top & 0x7fffffff) | 0xffff;
    const high = this.#word[0]!;
    this.#bits[0] = negative ? ~top >>> 0 : top & 0x7fffffff;
    return [this.#word[0]!, high];
  }
}
