import type { Recipe } from '../../protocol/dissection.ts';
import type { Regions } from '../../tensor/regions.ts';
import { FiringPixels } from './firing.ts';
import { type Legend, legendOf } from './legend.ts';
import { arrayOf, numberFact, type Packed, pack, textFact, unpack } from './packed.ts';
import { hasCategory, type PeakRanks, peaksOf } from './peaks.ts';
import { RECIPES } from './recipe.ts';
import type { Surveyed } from './survey.ts';
import type { UnitMaps } from './units.ts';

/** One part of an IoU in the sums of recipe `per-image`: fixed point, so that sums do not depend on their order. */
const FIXED = 2 ** 30;

/** What a tally is about. */
export interface TallyHead {
  readonly recipe: Recipe;
  readonly legend: Legend;
  readonly threshold: Float32Array;
  readonly dead: Uint8Array;
  readonly quantile: number;
  readonly relativeError: number;
}

/**
 * The second pass of a dissection: how often units and labels meet. All sums are integers in float64, exact up to 2^53, so
 * that tallies of parts merge to the same bytes, whichever way the images were parted.
 */
export class Tally {
  readonly head: TallyHead;
  /** [unit, label] pixels where the unit fires on the label. */
  readonly both: Float64Array;
  /** [unit, category] firing pixels in images that contain the category. */
  readonly firing: Float64Array;
  /** [unit] firing pixels in all images. */
  readonly fired: Float64Array;
  /** [label] label pixels. */
  readonly labelled: Float64Array;
  /** [label] images that contain the label; [category] images annotated for the category. */
  readonly imagesWith: Float64Array;
  readonly imagesIn: Float64Array;
  /** [label, unit] sum over the label's images of twice the unit's mid-rank there. */
  readonly rankSums: Float64Array;
  /** [unit, label] recipe `per-image`: sum of IoU over the label's images, times 2^30. */
  readonly iouSums: Float64Array;
  pixels = 0;
  images = 0;
  #ranks: Surveyed['ranks'] | undefined;
  #finder: { readonly key: string; readonly firing: FiringPixels } | undefined;

  constructor(head: TallyHead, ranks?: Surveyed['ranks']) {
    const units = head.threshold.length;
    const labels = head.legend.names.length;
    const categories = head.legend.categories.length;
    this.head = head;
    this.#ranks = ranks;
    this.both = new Float64Array(units * labels);
    this.firing = new Float64Array(units * categories);
    this.fired = new Float64Array(units);
    this.labelled = new Float64Array(labels);
    this.imagesWith = new Float64Array(labels);
    this.imagesIn = new Float64Array(categories);
    this.rankSums = new Float64Array(units * labels);
    this.iouSums = new Float64Array(head.recipe === 'per-image' ? units * labels : 0);
  }

  /** A fresh tally for what a survey found. */
  static of(recipe: Recipe, legend: Legend, { thresholds, ranks }: Surveyed): Tally {
    return new Tally({ recipe, legend, ...thresholds }, ranks);
  }

  /**
   * Counts one image. `annotated`: the categories it is annotated for, as bits. `peaks`: the units' own, where known. Throws
   * RangeError for another number of units, or a label that the legend does not have.
   */
  add(maps: UnitMaps, regions: Regions, annotated: number, peaks: Float32Array = peaksOf(maps)): void {
    const [units, rows, columns] = maps.dims;
    const { threshold, dead, legend, recipe } = this.head;
    if (units !== threshold.length) throw new RangeError(`${units} units, not ${threshold.length}`);
    const image = this.#countLabels(regions, annotated);
    const firing = this.#finderFor(rows, columns, regions.height, regions.width);
    firing.lay(regions);
    const positions = rows * columns;
    const perImage = RECIPES[recipe].perImage;
    this.#addRanks(peaks, image.labels);
    const { both } = this;
    const { starts, labels } = regions;
    for (let unit = 0; unit < units; unit += 1) {
      if (dead[unit] === 1) continue;
      const from = unit * positions;
      const limit = perImage ? 2 * mean(maps.data, from, from + positions) : threshold[unit]!;
      if (!(peaks[unit]! > limit)) continue;
      const fired = firing.count(maps.data, from, limit);
      this.fired[unit] = this.fired[unit]! + fired;
      for (const category of image.categories) {
        const at = unit * legend.categories.length + category;
        this.firing[at] = this.firing[at]! + fired;
      }
      const line = unit * legend.names.length;
      if (perImage) this.#addPerImage(line, fired, firing, regions, image);
      const { counts, touched, hits } = firing;
      for (let hit = 0; hit < hits; hit += 1) {
        const region = touched[hit]!;
        const count = counts[region]!;
        for (let i = starts[region]!; i < starts[region + 1]!; i += 1) {
          const at = line + labels[i]!;
          both[at] = both[at]! + count;
        }
      }
    }
    this.pixels += regions.height * regions.width;
    this.images += 1;
  }

  /** Throws RangeError for a tally of something else. */
  merge(other: Tally): void {
    if (!sameHead(this.head, other.head)) throw new RangeError('tally: parts of different dissections');
    for (const [name, sums] of Object.entries(this.#sums())) {
      const more = other.#sums()[name]!;
      for (let i = 0; i < sums.length; i += 1) sums[i] = sums[i]! + more[i]!;
    }
    this.pixels += other.pixels;
    this.images += other.images;
  }

  save(): Uint8Array<ArrayBuffer> {
    const { recipe, legend, threshold, dead, quantile, relativeError } = this.head;
    const categories = legend.categories.map((category, index) => ({
      category,
      labels: legend.names.filter((_, label) => legend.categoryOf[label] === index),
    }));
    return pack({
      facts: {
        kind: 'tally',
        recipe,
        categories,
        quantile,
        relativeError,
        pixels: this.pixels,
        images: this.images,
      },
      arrays: { threshold, dead, ...this.#sums() },
    });
  }

  /** `ranks` are needed to count further images, not to merge. Throws RangeError for bytes that hold no tally. */
  static load(bytes: Uint8Array, ranks?: Surveyed['ranks']): Tally {
    const packed = unpack(bytes);
    if (packed.facts.kind !== 'tally') throw new RangeError('packed: no tally');
    const tally = new Tally(readHead(packed), ranks);
    for (const [name, sums] of Object.entries(tally.#sums())) {
      sums.set(arrayOf(packed, name, Float64Array, sums.length));
    }
    tally.pixels = numberFact(packed, 'pixels');
    tally.images = numberFact(packed, 'images');
    return tally;
  }

  #sums(): Record<string, Float64Array> {
    const { both, firing, fired, labelled, imagesWith, imagesIn, rankSums, iouSums } = this;
    return { both, firing, fired, labelled, imagesWith, imagesIn, labelRanks: rankSums, iouSums };
  }

  /** Adds the image's label pixels; says which labels and categories it contains. */
  #countLabels(regions: Regions, annotated: number): ImageLabels {
    const { legend } = this.head;
    const pixels = new Map<number, number>();
    regions.pixels.forEach((count, region) => {
      if (count === 0) return;
      for (let i = regions.starts[region]!; i < regions.starts[region + 1]!; i += 1) {
        const label = regions.labels[i]!;
        if (label >= legend.names.length) {
          throw new RangeError(`label ${label} of ${legend.names.length} has no name`);
        }
        pixels.set(label, (pixels.get(label) ?? 0) + count);
      }
    });
    for (const [label, count] of pixels) {
      this.labelled[label] = this.labelled[label]! + count;
      this.imagesWith[label] = this.imagesWith[label]! + 1;
    }
    legend.categories.forEach((_, category) => {
      if (hasCategory(annotated, category)) this.imagesIn[category] = this.imagesIn[category]! + 1;
    });
    const labels = [...pixels.keys()];
    const categories = [...new Set(labels.map((label) => legend.categoryOf[label]!))];
    return { labels, pixels, categories };
  }

  #addRanks(peaks: Float32Array, labels: readonly number[]): void {
    const ranks = this.#ranks;
    if (!ranks) throw new RangeError('tally: made for merging only');
    const { categoryOf } = this.head.legend;
    const { rankSums } = this;
    const units = peaks.length;
    const own = new Float64Array(units);
    let ranking: PeakRanks | undefined;
    for (const label of labels) {
      const next = ranks[categoryOf[label]!]!;
      if (next !== ranking) next.twiceMidRanks(peaks, own);
      ranking = next;
      const line = label * units;
      for (let unit = 0; unit < units; unit += 1) rankSums[line + unit] = rankSums[line + unit]! + own[unit]!;
    }
  }

  #addPerImage(
    line: number,
    fired: number,
    { touched, hits, counts }: FiringPixels,
    regions: Regions,
    { labels, pixels }: ImageLabels,
  ): void {
    const both = new Map<number, number>();
    for (const region of touched.subarray(0, hits)) {
      for (let i = regions.starts[region]!; i < regions.starts[region + 1]!; i += 1) {
        const label = regions.labels[i]!;
        both.set(label, (both.get(label) ?? 0) + counts[region]!);
      }
    }
    for (const label of labels) {
      const meet = both.get(label) ?? 0;
      const iou = meet / (fired + pixels.get(label)! - meet);
      this.iouSums[line + label] = this.iouSums[line + label]! + Math.round(iou * FIXED);
    }
  }

  /** Mean IoU of recipe `per-image`. */
  meanIou(unit: number, label: number): number {
    return this.iouSums[unit * this.head.legend.names.length + label]! / FIXED / this.imagesWith[label]!;
  }

  /** Images of one size share weights. */
  #finderFor(rows: number, columns: number, height: number, width: number): FiringPixels {
    const key = `${rows} ${columns} ${height} ${width}`;
    if (this.#finder?.key !== key) {
      this.#finder = { key, firing: new FiringPixels(rows, columns, height, width) };
    }
    return this.#finder.firing;
  }
}

interface ImageLabels {
  readonly labels: readonly number[];
  readonly pixels: ReadonlyMap<number, number>;
  readonly categories: readonly number[];
}

function readHead(packed: Packed): TallyHead {
  const { categories } = packed.facts;
  if (!Array.isArray(categories)) throw new RangeError('packed: no categories');
  const recipe = textFact(packed, 'recipe');
  if (recipe !== 'netdissect' && recipe !== 'dissect' && recipe !== 'per-image') {
    throw new RangeError(`packed: unknown recipe ${recipe}`);
  }
  const legend = legendOf(
    categories.map((entry: { readonly category: unknown; readonly labels: unknown }) => {
      const { category, labels } = entry;
      if (typeof category !== 'string' || !Array.isArray(labels))
        throw new RangeError('packed: no categories');
      return { category, labels: labels.map(String) };
    }),
  );
  return {
    recipe,
    legend,
    threshold: arrayOf(packed, 'threshold', Float32Array),
    dead: arrayOf(packed, 'dead', Uint8Array),
    quantile: numberFact(packed, 'quantile'),
    relativeError: numberFact(packed, 'relativeError'),
  };
}

function sameHead(a: TallyHead, b: TallyHead): boolean {
  return (
    a.recipe === b.recipe &&
    a.legend.names.join('\n') === b.legend.names.join('\n') &&
    a.threshold.length === b.threshold.length &&
    a.threshold.every((value, unit) => value === b.threshold[unit])
  );
}

function mean(data: Float32Array, from: number, end: number): number {
  let sum = 0;
  for (let i = from; i < end; i += 1) sum += data[i]!;
  return sum / (end - from);
}
