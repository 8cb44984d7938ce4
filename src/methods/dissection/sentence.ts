import type { LabelScore, SentencePart } from '../../protocol/dissection.ts';
import type { Regions } from '../../tensor/regions.ts';
import type { Legend } from './legend.ts';

export interface SentenceWords {
  readonly heads: readonly { readonly concept: string; readonly category: string }[];
  readonly mostly: readonly SentencePart[];
  readonly rarely: readonly SentencePart[];
}

/** A further label of the best one's category is named beside it from this share of its IoU on. */
const BESIDE = 0.7;
const MOST_HEADS = 2;
/** "Mostly": at least this share of where it fires, and this many times the baseline. */
const MOSTLY = { share: 0.5, lift: 1.5 } as const;
/** "Rarely": at least this common on the concept, and at most this part of that where the unit fires. */
const RARELY = { baseline: 0.1, lift: 0.25 } as const;
const MOST_CONDITIONS = 2;
/** How much a pixel counts in the prediction when it lacks a "mostly" label, or carries a "rarely" one. */
const DOUBT = 0.25;

/**
 * The words that the evidence allows, and how they predict firing. Counts, over all pixels of the unit's concepts, how often they carry
 * each other label, where the unit fires and at all; says nothing that the counts do not show.
 */
export class SentenceEvidence {
  readonly #legend: Legend;
  readonly #heads: readonly number[];
  /** [label] pixels of the concepts that carry it: where the unit fires, and all. */
  readonly #fired: Float64Array;
  readonly #all: Float64Array;
  #firedPixels = 0;
  #allPixels = 0;

  /** `labels`: all of the unit's, best first. */
  constructor(legend: Legend, labels: readonly LabelScore[]) {
    const [best] = labels;
    this.#legend = legend;
    this.#heads = labels
      .filter(({ category, iou }) => category === best?.category && iou >= BESIDE * best.iou)
      .slice(0, MOST_HEADS)
      .map((score) => this.#label(score));
    this.#fired = new Float64Array(legend.names.length);
    this.#all = new Float64Array(legend.names.length);
  }

  /** One image; `fired` has the number of firing pixels of each region. */
  add(fired: ArrayLike<number>, regions: Regions): void {
    regions.pixels.forEach((pixels, region) => {
      const labels = labelsOf(regions, region);
      if (!this.#onHead(labels)) return;
      const on = fired[region]!;
      this.#allPixels += pixels;
      this.#firedPixels += on;
      for (const label of labels) {
        this.#all[label] = this.#all[label]! + pixels;
        this.#fired[label] = this.#fired[label]! + on;
      }
    });
  }

  words(): SentenceWords {
    const { categoryOf, names, categories } = this.#legend;
    const own = this.#heads[0] === undefined ? -1 : categoryOf[this.#heads[0]]!;
    const parts = names.flatMap((concept, label): SentencePart[] =>
      categoryOf[label] === own
        ? []
        : [
            {
              concept,
              category: categories[categoryOf[label]!]!,
              share: this.#firedPixels > 0 ? this.#fired[label]! / this.#firedPixels : 0,
              baseline: this.#allPixels > 0 ? this.#all[label]! / this.#allPixels : 0,
            },
          ],
    );
    const mostly = parts
      .filter(({ share, baseline }) => share >= MOSTLY.share && share >= MOSTLY.lift * baseline)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_CONDITIONS);
    const rarely = parts
      .filter(
        ({ share, baseline, category }) =>
          this.#firedPixels > 0 &&
          baseline >= RARELY.baseline &&
          share <= RARELY.lift * baseline &&
          // Where it is mostly one thing of a kind, the others of the kind are rare of themselves.
          !mostly.some((part) => part.category === category),
      )
      .sort((a, b) => b.baseline - a.baseline)
      .slice(0, MOST_CONDITIONS);
    const heads = this.#heads.map((label) => ({
      concept: names[label]!,
      category: categories[categoryOf[label]!]!,
    }));
    return { heads, mostly, rarely };
  }

  /** What the sentence expects of an image, from its labels alone: pixels of the concept, less where a condition speaks against. */
  expects({ mostly, rarely }: SentenceWords, regions: Regions): number {
    const wanted = mostly.map((part) => this.#label(part));
    const unwanted = rarely.map((part) => this.#label(part));
    let sum = 0;
    regions.pixels.forEach((pixels, region) => {
      const labels = labelsOf(regions, region);
      if (!this.#onHead(labels)) return;
      const against =
        wanted.filter((label) => !labels.includes(label)).length +
        unwanted.filter((label) => labels.includes(label)).length;
      sum += pixels * DOUBT ** against;
    });
    return sum;
  }

  #onHead(labels: Uint32Array): boolean {
    return this.#heads.some((head) => labels.includes(head));
  }

  /** Number of a named label; -1 for one that the legend does not have. */
  #label({ concept, category }: { readonly concept: string; readonly category: string }): number {
    const { names, categories, categoryOf } = this.#legend;
    return names.findIndex((name, label) => name === concept && categories[categoryOf[label]!] === category);
  }
}

function labelsOf({ starts, labels }: Regions, region: number): Uint32Array {
  return labels.subarray(starts[region]!, starts[region + 1]!);
}
