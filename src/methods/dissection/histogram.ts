const pages = 256;
const pageBins = 256;

/**
 * Counts of float32 values by their top 16 bits, for many units, in bounded memory: order is kept exactly between bins,
 * and inside a bin values share sign, exponent and 7 bits of mantissa. Pages of 256 bins are made when first touched;
 * real activations touch a dozen or two of them (1 KB each).
 */
export class FloatHistogram {
  readonly #pages: (Uint32Array | undefined)[];
  readonly #word = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#word.buffer);

  constructor(units: number) {
    this.#pages = new Array<Uint32Array | undefined>(units * pages);
  }

  add(unit: number, value: number): void {
    this.#word[0] = value;
    const bits = this.#bits[0]!;
    // Order-preserving: negative floats run backwards, so flip them; set the sign of the others.
    const ordered = (bits & 0x80000000) !== 0 ? ~bits >>> 16 : (bits >>> 16) | 0x8000;
    const at = unit * pages + (ordered >>> 8);
    let page = this.#pages[at];
    if (page === undefined) {
      page = new Uint32Array(pageBins);
      this.#pages[at] = page;
    }
    page[ordered & 255] = page[ordered & 255]! + 1;
  }

  /**
   * The order statistic with `rank` values before it, counted from the largest (0), read as the upper edge of its bin:
   * never below the true value, and above it by at most 2^-7 (0.8%) of its size for normal floats.
   */
  fromTop(unit: number, rank: number): number {
    let left = rank;
    for (let page = pages - 1; page >= 0; page -= 1) {
      const bins = this.#pages[unit * pages + page];
      if (bins === undefined) continue;
      for (let bin = pageBins - 1; bin >= 0; bin -= 1) {
        const count = bins[bin]!;
        if (left < count) return this.#upperEdge(page * 256 + bin);
        left -= count;
      }
    }
    throw new RangeError(`unit ${unit} has no value of rank ${rank}`);
  }

  /** Largest value of a bin. */
  #upperEdge(ordered: number): number {
    const top = (ordered << 16) >>> 0;
    this.#bits[0] = (top & 0x80000000) !== 0 ? (top & 0x7fffffff) | 0xffff : ~(top | 0xffff) >>> 0;
    return this.#word[0]!;
  }
}
