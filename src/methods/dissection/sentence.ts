import type { LabelScore, SentenceThing } from '../../protocol/dissection.ts';
import type { Regions } from '../../tensor/regions.ts';
import type { Legend } from './legend.ts';
import { chooseTerms } from './terms.ts';

/** Labels of a picture, with their pixels. */
export type Areas = ReadonlyMap<number, number>;

export interface FiringPicture {
  readonly areas: Areas;
  readonly fires: boolean;
}

export interface SentenceThings {
  readonly heads: readonly SentenceThing[];
  readonly less: readonly SentenceThing[];
}

/** Things that raise and that lower the odds of firing, and what each must add, in nats over all pictures. */
const LIMITS = { raising: 6, lowering: 2, leastGain: 2 } as const;
/** Pictures that must show a label before anything is said of it. */
const LEAST_PICTURES = 8;
/** A thing larger than usual says more, up to this many times. */
const MOST_SIZE = 3;

/**
 * The things that foretell a unit's firing: a logistic regression on how large each label is where it is shown, on few labels of
 * any category, since a unit may answer to several unlike things and be silenced by others. `labels`: all of the unit's, best
 * first; where no thing makes a difference, the best is named, for want of another.
 */
export function sentenceThings(
  legend: Legend,
  labels: readonly LabelScore[],
  pictures: readonly FiringPicture[],
): SentenceThings {
  const fires = pictures.map((picture) => picture.fires);
  const shown = legend.names.map((_, label) => showing(pictures, label));
  const candidates = legend.names.flatMap((_, label) =>
    shown[label]!.count >= LEAST_PICTURES ? [label] : [],
  );
  const columns = candidates.map((label) => {
    const { rows, pixels, usual } = shown[label]!;
    return { rows, values: pixels.map((area) => sizeOf(area, usual)) };
  });
  const { columns: chosen, weights } = chooseTerms(columns, fires, LIMITS);
  const things = chosen.map((column, i) => thing(legend, candidates[column]!, weights[i]!, shown, fires));
  const heads = things.filter(({ weight }) => weight > 0);
  if (heads.length > 0) return { heads, less: things.filter(({ weight }) => weight < 0) };
  const best = labels[0] ? labelOf(legend, labels[0]) : -1;
  const fallback = best >= 0 && shown[best]!.count > 0 ? [thing(legend, best, 1, shown, fires)] : [];
  return { heads: fallback, less: [] };
}

/** What the sentence expects of a picture, from what it shows and how large: log odds of firing above those of a picture without its things. */
export function sentenceExpects(legend: Legend, { heads, less }: SentenceThings, areas: Areas): number {
  let odds = 0;
  for (const each of [...heads, ...less]) {
    odds += each.weight * sizeOf(areas.get(labelOf(legend, each)) ?? 0, each.usualPixels);
  }
  return odds;
}

/** Pixels of each label that a picture shows. */
export function areasOf(regions: Regions): Areas {
  const areas = new Map<number, number>();
  regions.pixels.forEach((pixels, region) => {
    if (pixels === 0) return;
    for (const label of regions.labels.subarray(regions.starts[region]!, regions.starts[region + 1]!)) {
      areas.set(label, (areas.get(label) ?? 0) + pixels);
    }
  });
  return areas;
}

/** Number of a named label; -1 for one that the legend does not have. */
export function labelOf(
  { names, categories, categoryOf }: Legend,
  { concept, category }: { readonly concept: string; readonly category: string },
): number {
  return names.findIndex((name, label) => name === concept && categories[categoryOf[label]!] === category);
}

interface Showing {
  readonly rows: readonly number[];
  readonly pixels: readonly number[];
  readonly count: number;
  /** Mean pixels where it is shown. */
  readonly usual: number;
}

function showing(pictures: readonly FiringPicture[], label: number): Showing {
  const rows: number[] = [];
  const pixels: number[] = [];
  pictures.forEach(({ areas }, row) => {
    const area = areas.get(label);
    if (area === undefined) return;
    rows.push(row);
    pixels.push(area);
  });
  const sum = pixels.reduce((total, area) => total + area, 0);
  return { rows, pixels, count: rows.length, usual: rows.length > 0 ? sum / rows.length : 0 };
}

function thing(
  { names, categories, categoryOf }: Legend,
  label: number,
  weight: number,
  shown: readonly Showing[],
  fires: readonly boolean[],
): SentenceThing {
  const { rows, count, usual } = shown[label]!;
  const all = fires.filter(Boolean).length;
  const own = rows.filter((row) => fires[row]).length;
  return {
    concept: names[label]!,
    category: categories[categoryOf[label]!]!,
    weight,
    rate: own / count,
    otherwise: fires.length > count ? (all - own) / (fires.length - count) : Number.NaN,
    usualPixels: usual,
    images: count,
  };
}

/** Length of a thing in units of the usual. */
function sizeOf(pixels: number, usual: number): number {
  return pixels === 0 ? 0 : Math.min(MOST_SIZE, Math.sqrt(pixels / usual));
}
