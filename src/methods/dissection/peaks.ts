/** How high a unit peaks in an image, ranked among the images annotated for a category: what the AUC of firing is made of. */

import { FloatHistogram } from './histogram.ts';
import type { Legend } from './legend.ts';
import type { Packed, PackedArray } from './packed.ts';
import type { UnitMaps } from './units.ts';

/** Each unit's highest activation. */
export function peaksOf({ dims: [units, height, width], data }: UnitMaps): Float32Array {
  const positions = height * width;
  const peaks = new Float32Array(units);
  for (let unit = 0; unit < units; unit += 1) {
    let peak = Number.NEGATIVE_INFINITY;
    for (let i = unit * positions; i < (unit + 1) * positions; i += 1) if (data[i]! > peak) peak = data[i]!;
    peaks[unit] = peak;
  }
  return peaks;
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
    const group = this.#group(annotated);
    peaks.forEach((peak, unit) => {
      group.add(unit, peak);
    });
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
  readonly #starts: Uint32Array;
  readonly #bins: Uint16Array;
  /** Twice the number of images below the bin, plus those in it. */
  readonly #ranks: Float64Array;
  readonly #binOf: (value: number) => number;

  constructor(units: number, groups: readonly FloatHistogram[]) {
    const sum = new FloatHistogram(units);
    for (const group of groups) sum.merge(group);
    this.#binOf = (value) => sum.binOf(value);
    this.#starts = new Uint32Array(units + 1);
    const bins: number[] = [];
    const ranks: number[] = [];
    let images = 0;
    for (let unit = 0; unit < units; unit += 1) {
      let below = 0;
      sum.eachBin(unit, (bin, count) => {
        bins.push(bin);
        ranks.push(2 * below + count);
        below += count;
      });
      images = below;
      this.#starts[unit + 1] = bins.length;
    }
    this.images = images;
    this.#bins = Uint16Array.from(bins);
    this.#ranks = Float64Array.from(ranks);
  }

  /** 2 x (images with a lower peak) + (images with the same): an integer, so that sums do not depend on their order. */
  twiceMidRank(unit: number, peak: number): number {
    const bin = this.#binOf(peak);
    let low = this.#starts[unit]!;
    let high = this.#starts[unit + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#bins[middle]! < bin) low = middle + 1;
      else high = middle;
    }
    // A peak that the first pass did not see counts as the next higher one that it did.
    return low < this.#starts[unit + 1]! ? this.#ranks[low]! : 2 * this.images;
  }
}
