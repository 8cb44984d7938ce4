import type { SentencePart } from '../../protocol/dissection.ts';
import type { Regions } from '../../tensor/regions.ts';
import type { Legend } from './legend.ts';
import { labelOf } from './sentence.ts';

/** "Mostly": at least this share of where it fires, and this many times the baseline. */
const MOSTLY = { share: 0.5, lift: 1.5 } as const;
/** "Rarely": at least this common on the concept, and at most this part of that where the unit fires. */
const RARELY = { baseline: 0.1, lift: 0.25 } as const;
const MOST_CONDITIONS = 2;

export interface FiringRegions {
  readonly regions: Regions;
  /** Firing pixels of each region. */
  readonly fired: ArrayLike<number>;
}

/** What goes with the firing on a thing where it does not go with the thing as such; nothing is said that the counts do not show. */
export function sentenceConditions(
  legend: Legend,
  thing: { readonly concept: string; readonly category: string },
  pictures: readonly FiringRegions[],
): { readonly mostly: readonly SentencePart[]; readonly rarely: readonly SentencePart[] } {
  const { names, categories, categoryOf } = legend;
  const head = labelOf(legend, thing);
  const fired = new Float64Array(names.length);
  const all = new Float64Array(names.length);
  let firedPixels = 0;
  let allPixels = 0;
  for (const { regions, fired: counts } of pictures) {
    regions.pixels.forEach((pixels, region) => {
      const labels = regions.labels.subarray(regions.starts[region]!, regions.starts[region + 1]!);
      if (!labels.includes(head)) return;
      allPixels += pixels;
      firedPixels += counts[region]!;
      for (const label of labels) {
        all[label] = all[label]! + pixels;
        fired[label] = fired[label]! + counts[region]!;
      }
    });
  }
  const parts = names.flatMap((concept, label): SentencePart[] =>
    head >= 0 && categoryOf[label] === categoryOf[head]
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
