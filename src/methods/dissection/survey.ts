/** The first pass of a dissection: what must be known of all images before their masks can be counted. */

import { EnlargedUnits } from './enlarged.ts';
import type { Legend } from './legend.ts';
import { numberFact, type Packed, pack, unpack } from './packed.ts';
import { PeakCounts, type PeakRanks, peaksOf } from './peaks.ts';
import { ThresholdFinder, type Thresholds } from './quantile.ts';
import { TopImages } from './top-images.ts';
import type { UnitMaps } from './units.ts';

export interface SurveyOptions {
  readonly units: number;
  /** Values a unit will have at most over all images of all parts. */
  readonly count: number;
  readonly quantile: number;
  /** Take the quantile of maps enlarged to the label maps' size. */
  readonly enlarged: boolean;
  readonly exactBytes?: number;
}

/** What a survey of all images found. */
export interface Surveyed {
  readonly thresholds: Thresholds;
  /** By category. */
  readonly ranks: readonly PeakRanks[];
}

/** A sum over images: surveys of parts merge to the same bytes, whichever way the images were parted. */
export class Survey {
  readonly #finder: ThresholdFinder;
  readonly #peaks: PeakCounts;
  readonly top: TopImages;
  readonly #enlarged: boolean;
  #enlarger: EnlargedUnits | undefined;
  #images: number;

  constructor({ enlarged, ...options }: SurveyOptions, from?: Packed) {
    this.#finder = from ? ThresholdFinder.load(from) : new ThresholdFinder(options);
    this.#peaks = from ? PeakCounts.load(from, options.units) : new PeakCounts(options.units);
    this.top = from ? TopImages.load(from, options.units) : new TopImages(options.units);
    this.#images = from ? numberFact(from, 'images') : 0;
    this.#enlarged = enlarged;
  }

  get images(): number {
    return this.#images;
  }

  /**
   * `annotated`: the categories that the image is annotated for, as bits. `height`, `width`: of its label map. `image`: its
   * number in the whole data set. `peaks`: the units' own, where known.
   */
  add(
    maps: UnitMaps,
    annotated: number,
    height: number,
    width: number,
    image: number,
    peaks: Float32Array = peaksOf(maps),
  ): void {
    if (this.#enlarged) {
      const [, rows, columns] = maps.dims;
      if (!this.#enlarger?.fits(rows, columns, height, width)) {
        this.#enlarger = new EnlargedUnits(rows, columns, height, width);
      }
      const enlarger = this.#enlarger;
      this.#finder.addUnits(height * width, (unit) => enlarger.enlarge(maps.data, unit * rows * columns));
    } else this.#finder.add(maps, peaks);
    this.#peaks.add(peaks, annotated);
    this.top.add(peaks, image);
    this.#images += 1;
  }

  merge(other: Survey): void {
    this.#finder.merge(other.#finder);
    this.#peaks.merge(other.#peaks);
    this.top.merge(other.top);
    this.#images += other.#images;
  }

  thresholds(): Thresholds {
    return this.#finder.thresholds();
  }

  found(legend: Legend): Surveyed {
    return { thresholds: this.#finder.thresholds(), ranks: this.#peaks.ranks(legend) };
  }

  save(): Uint8Array<ArrayBuffer> {
    const finder = this.#finder.save();
    const peaks = this.#peaks.save();
    return pack({
      facts: {
        ...finder.facts,
        kind: 'survey',
        enlarged: this.#enlarged ? 1 : 0,
        images: this.#images,
        groups: peaks.groups,
      },
      arrays: { ...finder.arrays, ...peaks.arrays, ...this.top.save() },
    });
  }

  /** Throws RangeError for bytes that hold no survey. */
  static load(bytes: Uint8Array): Survey {
    const packed = unpack(bytes);
    if (packed.facts.kind !== 'survey') throw new RangeError('packed: no survey');
    const facts = ['units', 'count', 'quantile'] as const;
    const [units = 0, count = 0, quantile = 0] = facts.map((name) => numberFact(packed, name));
    return new Survey({ units, count, quantile, enlarged: numberFact(packed, 'enlarged') === 1 }, packed);
  }
}
