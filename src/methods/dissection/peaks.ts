/** How high a unit peaks in an image, ranked among the images annotated for a category: what the AUC of firing is made of. */

import { FloatHistogram, orderedBin, pageBins, pages } from './histogram.ts';
import type { Legend } from './legend.ts';
import type { Packed, PackedArray } from './packed.ts';
import type { UnitMaps } from './units.ts';

/** Each unit's highest activation. Throws RangeError for NaN. */
export function peaksOf({ dims: [units, height, width], data }: UnitMaps): Float32Array {
  const positions = height * width;
  const peaks = new Float32Array(units);
  for (let unit = 0; unit < units; unit += 1) {
    peaks[unit] = peakOf(data, unit * positions, (unit + 1) * positions, unit);
  }
  return peaks;
}

/** The highest value from `from` up to `end`. Throws RangeError for NaN, naming the unit. */
export function peakOf(values: Float32Array, from: number, end: number, unit: number): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i += 1) {
    const value = values[i]!;
    // One comparison for both: NaN is not lower either.
    if (value <= peak) continue;
    if (Number.isNaN(value)) throw new RangeError(`unit ${unit}: NaN activation`);
    peak = value;
  }
  return peak;
}

/**
 * Peaks of all images, by the set of categories that an image is annotated for (as bits; few sets occur). Values are told
 * apart by their top 16 bits.
 */
export class PeakCounts {
  readonly units: number;
  readonly #groups = new Map<number, FloatHistogram>();

  constructor(units: number) {
    this.units = units;
  }

  add(peaks: Float32Array, annotated: number): void {
    this.#group(annotated).addEach(peaks);
  }

  merge(other: PeakCounts): void {
    for (const [annotated, group] of other.#groups) this.#group(annotated).merge(group);
  }

  /** The ranks of peaks among the images of each category. */
  ranks({ categories }: Legend): readonly PeakRanks[] {
    const made = new Map<string, PeakRanks>();
    return categories.map((_, category) => {
      const groups = [...this.#groups.keys()].filter((annotated) => hasCategory(annotated, category));
      const key = groups.join(' ');
      // Categories of the same images share their ranks.
      const known =
        made.get(key) ??
        new PeakRanks(
          this.units,
          groups.map((group) => this.#groups.get(group)!),
        );
      made.set(key, known);
      return known;
    });
  }

  save(): { readonly groups: readonly number[]; readonly arrays: Record<string, PackedArray> } {
    const groups = [...this.#groups.keys()].sort((a, b) => a - b);
    const arrays = Object.assign(
      {},
      ...groups.map((group) => this.#groups.get(group)!.save(`peaks.${group}`)),
    );
    return { groups, arrays };
  }

  static load(packed: Packed, units: number): PeakCounts {
    const counts = new PeakCounts(units);
    const { groups } = packed.facts;
    if (!Array.isArray(groups)) throw new RangeError('packed: no groups of peaks');
    for (const group of groups)
      counts.#groups.set(Number(group), FloatHistogram.load(packed, `peaks.${group}`));
    return counts;
  }

  #group(annotated: number): FloatHistogram {
    const known = this.#groups.get(annotated) ?? new FloatHistogram(this.units);
    this.#groups.set(annotated, known);
    return known;
  }
}

/** Whether an image is annotated for a category. */
export function hasCategory(annotated: number, category: number): boolean {
  return ((annotated >>> category) & 1) === 1;
}

/** Mid-ranks of peaks, unit by unit. */
export class PeakRanks {
  /** Images ranked. */
  readonly images: number;
  readonly #units: number;
  /** [unit, page], place of the page in `#ranks` plus 1; 0 for a page without peaks. */
  readonly #index: Uint32Array;
  /**
   * [place, bin] twice the number of images below the bin, plus those in it. A bin that the first pass saw nothing in counts as
   * the next higher one.
   */
  readonly #ranks: Uint32Array;

  constructor(units: number, groups: readonly FloatHistogram[]) {
    this.#units = units;
    const [only] = groups;
    const sum = groups.length === 1 && only ? only : new FloatHistogram(units);
    if (sum !== only) for (const group of groups) sum.merge(group);
    this.#index = sum.index.slice();
    this.#ranks = sum.counts.slice();
    // Every unit has a peak in every image.
    this.images = sum.total(0);
    for (let unit = 0; unit < units; unit += 1) {
      let above = 0;
      let rank = 2 * this.images;
      for (let page = pages - 1; page >= 0; page -= 1) {
        const place = this.#index[unit * pages + page]!;
        if (place === 0) continue;
        for (let at = place * pageBins - 1; at >= (place - 1) * pageBins; at -= 1) {
          const count = this.#ranks[at]!;
          above += count;
          if (count !== 0) rank = 2 * (this.images - above) + count;
          this.#ranks[at] = rank;
        }
      }
    }
  }

  /**
   * Of each unit's peak: 2 x (images with a lower peak) + (images with the same), an integer, so that sums do not depend on their
   * order. Written into `ranks`.
   */
  twiceMidRanks(peaks: Float32Array, ranks: Float64Array): void {
    const bits = new Uint32Array(peaks.buffer, peaks.byteOffset, peaks.length);
    for (let unit = 0; unit < this.#units; unit += 1) {
      const bin = orderedBin(bits[unit]!);
      const place = this.#index[unit * pages + (bin >>> 8)]!;
      ranks[unit] =
        place === 0 ? this.#above(unit, bin >>> 8) : this.#ranks[(place - 1) * pageBins + (bin & 255)]!;
    }
  }

  /** The lowest rank beyond a page. */
  #above(unit: number, page: number): number {
    for (let higher = page + 1; higher < pages; higher += 1) {
      const place = this.#index[unit * pages + higher]!;
      if (place !== 0) return this.#ranks[(place - 1) * pageBins]!;
    }
    return 2 * this.images;
  }
}
