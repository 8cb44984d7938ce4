import type { LabelScore, SentenceHead, SentencePart } from '../../protocol/dissection.ts';
import type { Regions } from '../../tensor/regions.ts';
import type { Legend } from './legend.ts';

export interface SentenceWords {
  readonly heads: readonly SentenceHead[];
  readonly mostly: readonly SentencePart[];
  readonly rarely: readonly SentencePart[];
}

/** Things named, and by how much each must make the firing likelier, in nats over all images. */
const MOST_HEADS = 4;
const LEAST_GAIN = 2;
/** Images that must show a label before anything is said of it. */
const LEAST_IMAGES = 4;
/** A thing larger than usual fires more surely, up to this many times. */
const MOST_WEIGHT = 3;
/** "Mostly": at least this share of where it fires, and this many times the baseline. */
const MOSTLY = { share: 0.5, lift: 1.5 } as const;
/** "Rarely": at least this common on the concept, and at most this part of that where the unit fires. */
const RARELY = { baseline: 0.1, lift: 0.25 } as const;
const MOST_CONDITIONS = 2;

interface Image {
  readonly regions: Regions;
  readonly counts: ArrayLike<number>;
  readonly fires: boolean;
  /** Pixels of each label. */
  readonly areas: ReadonlyMap<number, number>;
  /** Labels that it fires on. */
  readonly on: ReadonlySet<number>;
}

/**
 * The words that the evidence allows, and how they predict firing. Things are chosen one after another, each the one that makes the
 * observed firing likeliest (noisy-or: every thing shown may set the unit off, at the rate at which it was seen to), from any
 * category, since a unit may answer to several unlike things; nothing is said that the counts do not show.
 */
export class SentenceEvidence {
  readonly #legend: Legend;
  /** Best label by overlap: named where no thing makes a difference. */
  readonly #best: number;
  readonly #images: Image[] = [];

  /** `labels`: all of the unit's, best first. */
  constructor(legend: Legend, labels: readonly LabelScore[]) {
    this.#legend = legend;
    this.#best = labels[0] ? this.#label(labels[0]) : -1;
  }

  /** One image; `fired` has the number of firing pixels of each region. */
  add(fired: ArrayLike<number>, regions: Regions): void {
    const areas = areasOf(regions);
    const on = new Set<number>();
    let total = 0;
    regions.pixels.forEach((_, region) => {
      total += fired[region]!;
      if (fired[region]! > 0) for (const label of labelsOf(regions, region)) on.add(label);
    });
    this.#images.push({ regions, counts: fired, fires: total > 0, areas, on });
  }

  words(): SentenceWords {
    const heads = this.#heads();
    return { heads, ...this.#conditions(heads.map((head) => this.#label(head))) };
  }

  /** What the sentence expects of an image, from what it shows and how large: minus log of the chance that nothing sets the unit off. */
  expects({ heads }: Pick<SentenceWords, 'heads'>, regions: Regions): number {
    const areas = areasOf(regions);
    return heads.reduce((sum, head) => sum + strength(head, areas.get(this.#label(head)) ?? 0), 0);
  }

  #heads(): readonly SentenceHead[] {
    const candidates = this.#legend.names.flatMap((_, label) => {
      const head = this.#rate(label);
      return head && head.images >= LEAST_IMAGES && head.rate > 0 ? [{ label, head }] : [];
    });
    const chosen: { readonly label: number; readonly head: SentenceHead }[] = [];
    const images = this.#images;
    let expected = new Float64Array(images.length);
    let shown = new Uint8Array(images.length);
    let likelihood = this.#likelihood(expected, shown);
    while (chosen.length < MOST_HEADS) {
      let best: { readonly candidate: (typeof candidates)[number]; readonly likelihood: number } | undefined;
      for (const candidate of candidates) {
        if (chosen.includes(candidate)) continue;
        const found = this.#likelihood(...this.#with(candidate, expected, shown));
        if (found - likelihood >= LEAST_GAIN && !(best && best.likelihood >= found)) {
          best = { candidate, likelihood: found };
        }
      }
      if (!best) break;
      [expected, shown] = this.#with(best.candidate, expected, shown);
      likelihood = best.likelihood;
      chosen.push(best.candidate);
    }
    if (chosen.length > 0) return chosen.map(({ head }) => head);
    const fallback = this.#best < 0 ? undefined : this.#rate(this.#best);
    return fallback ? [fallback] : [];
  }

  #with(
    { label, head }: { readonly label: number; readonly head: SentenceHead },
    expected: Float64Array,
    shown: Uint8Array,
  ): [expected: Float64Array<ArrayBuffer>, shown: Uint8Array<ArrayBuffer>] {
    const more = expected.slice();
    const seen = shown.slice();
    this.#images.forEach(({ areas }, i) => {
      const area = areas.get(label);
      if (area === undefined) return;
      more[i] = more[i]! + strength(head, area);
      seen[i] = 1;
    });
    return [more, seen];
  }

  /** Log-likelihood of the observed firing; images that show none of the things fire at their own rate. */
  #likelihood(expected: Float64Array, shown: Uint8Array): number {
    let plain = 0;
    let plainFires = 0;
    this.#images.forEach(({ fires }, i) => {
      if (shown[i]) return;
      plain += 1;
      if (fires) plainFires += 1;
    });
    const base = 1 - (plainFires + 0.5) / (plain + 2);
    let sum = 0;
    this.#images.forEach(({ fires }, i) => {
      const silent = Math.min(0.998, Math.max(0.002, Math.exp(-expected[i]!) * base));
      sum += Math.log(fires ? 1 - silent : silent);
    });
    return sum;
  }

  /** How often a label that is shown is fired on, and how large it usually is; undefined for one that is never shown. */
  #rate(label: number): SentenceHead | undefined {
    let images = 0;
    let fired = 0;
    let pixels = 0;
    for (const { areas, on } of this.#images) {
      const area = areas.get(label);
      if (area === undefined) continue;
      images += 1;
      pixels += area;
      if (on.has(label)) fired += 1;
    }
    if (images === 0) return undefined;
    const { names, categories, categoryOf } = this.#legend;
    return {
      concept: names[label]!,
      category: categories[categoryOf[label]!]!,
      // One image more in which it does not, so that nothing is certain.
      rate: fired / (images + 1),
      usualPixels: pixels / images,
      images,
    };
  }

  #conditions(heads: readonly number[]): Pick<SentenceWords, 'mostly' | 'rarely'> {
    const { categoryOf, names, categories } = this.#legend;
    const fired = new Float64Array(names.length);
    const all = new Float64Array(names.length);
    let firedPixels = 0;
    let allPixels = 0;
    for (const { regions, counts } of this.#images) {
      regions.pixels.forEach((pixels, region) => {
        const labels = labelsOf(regions, region);
        if (!heads.some((head) => labels.includes(head))) return;
        allPixels += pixels;
        firedPixels += counts[region]!;
        for (const label of labels) {
          all[label] = all[label]! + pixels;
          fired[label] = fired[label]! + counts[region]!;
        }
      });
    }
    const own = new Set(heads.map((head) => categoryOf[head]!));
    const parts = names.flatMap((concept, label): SentencePart[] =>
      own.has(categoryOf[label]!)
        ? []
        : [
            {
              concept,
              category: categories[categoryOf[label]!]!,
              share: firedPixels > 0 ? fired[label]! / firedPixels : 0,
              baseline: allPixels > 0 ? all[label]! / allPixels : 0,
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
          firedPixels > 0 &&
          baseline >= RARELY.baseline &&
          share <= RARELY.lift * baseline &&
          // Where it is mostly one thing of a kind, the others of the kind are rare of themselves.
          !mostly.some((part) => part.category === category),
      )
      .sort((a, b) => b.baseline - a.baseline)
      .slice(0, MOST_CONDITIONS);
    return { mostly, rarely };
  }

  /** Number of a named label; -1 for one that the legend does not have. */
  #label({ concept, category }: { readonly concept: string; readonly category: string }): number {
    const { names, categories, categoryOf } = this.#legend;
    return names.findIndex((name, label) => name === concept && categories[categoryOf[label]!] === category);
  }
}

/** Minus log of the chance that a thing of so many pixels does not set the unit off; 0 for none. */
function strength({ rate, usualPixels }: SentenceHead, pixels: number): number {
  if (pixels === 0) return 0;
  return -Math.log(1 - rate) * Math.min(MOST_WEIGHT, Math.sqrt(pixels / usualPixels));
}

function areasOf(regions: Regions): ReadonlyMap<number, number> {
  const areas = new Map<number, number>();
  regions.pixels.forEach((pixels, region) => {
    if (pixels === 0) return;
    for (const label of labelsOf(regions, region)) areas.set(label, (areas.get(label) ?? 0) + pixels);
  });
  return areas;
}

function labelsOf({ starts, labels }: Regions, region: number): Uint32Array {
  return labels.subarray(starts[region]!, starts[region + 1]!);
}
