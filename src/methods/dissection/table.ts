/** The table of a dissection, read off its tally: the rows firm up as images come in. */

import type { DissectionRow, LabelScore } from '../../protocol/dissection.ts';
import { RECIPES } from './recipe.ts';
import type { Tally } from './tally.ts';

/** How many labels a row names after its best. */
const NEXT = 4;

/**
 * One row a unit. IoU(unit, label) = both / (firing + labelled - both), firing counted in images that contain the label's
 * category (`netdissect`) or in all (`dissect`); `per-image`: mean over the label's images. Ceiling: min(1, quantile /
 * share of all pixels), as a mask of that quantile cannot cover a larger label. AUC: Mann and Whitney's, from the sum of
 * mid-ranks. Dead units, and units that never met a label, have an empty concept, IoU 0 and AUC NaN. On a tie the earlier
 * label wins.
 */
export function tableRows(tally: Tally): readonly DissectionRow[] {
  const { threshold, dead, legend } = tally.head;
  return Array.from(threshold, (limit, unit) => {
    const [best, ...next] = ranked(tally, unit, NEXT + 1);
    const label = best?.label;
    return {
      unit,
      concept: label === undefined ? '' : legend.names[label]!,
      category: label === undefined ? '' : legend.categories[legend.categoryOf[label]!]!,
      iou: best?.iou ?? 0,
      ceiling: label === undefined ? 0 : ceiling(tally, label),
      coverage: label === undefined ? 0 : coverage(tally, unit, label),
      auc: label === undefined ? Number.NaN : firingAuc(tally, unit, label),
      threshold: limit,
      runnerUp: next[0] ? legend.names[next[0].label]! : '',
      runnerUpIou: next[0]?.iou ?? 0,
      next: next.map((score) => named(tally, score)),
      dead: dead[unit] === 1,
    };
  });
}

/** Every label that a unit met, best first. */
export function unitLabels(tally: Tally, unit: number): readonly LabelScore[] {
  if (!(unit >= 0 && unit < tally.head.threshold.length)) throw new RangeError(`no unit ${unit}`);
  return ranked(tally, unit, tally.head.legend.names.length).map((score) => named(tally, score));
}

/** IoU of a unit and a label under the tally's recipe; 0 where they never met. */
export function iouOf(tally: Tally, unit: number, label: number): number {
  const { legend, recipe } = tally.head;
  const both = tally.both[unit * legend.names.length + label]!;
  if (both === 0) return 0;
  const { perImage, withinCategory } = RECIPES[recipe];
  if (perImage) return tally.meanIou(unit, label);
  const firing = withinCategory
    ? tally.firing[unit * legend.categories.length + legend.categoryOf[label]!]!
    : tally.fired[unit]!;
  return both / (firing + tally.labelled[label]! - both);
}

/** Chance that the unit peaks higher in an image with the label than in one without, ties half; NaN when one is missing. */
export function firingAuc(tally: Tally, unit: number, label: number): number {
  const { legend } = tally.head;
  const positives = tally.imagesWith[label]!;
  const images = tally.imagesIn[legend.categoryOf[label]!]!;
  const negatives = images - positives;
  if (positives === 0 || negatives <= 0) return Number.NaN;
  // Twice a positive's mid-rank counts every image below it twice, itself and every tie once.
  const twice = tally.rankSums[label * tally.head.threshold.length + unit]!;
  return (twice - positives * positives) / (2 * positives * negatives);
}

interface Score {
  readonly label: number;
  readonly iou: number;
}

function ranked(tally: Tally, unit: number, most: number): readonly Score[] {
  const best: Score[] = [];
  for (let label = 0; label < tally.head.legend.names.length; label += 1) {
    const iou = iouOf(tally, unit, label);
    if (iou === 0 || (best.length === most && iou <= best[most - 1]!.iou)) continue;
    let place = best.length;
    while (place > 0 && iou > best[place - 1]!.iou) place -= 1;
    best.splice(place, 0, { label, iou });
    if (best.length > most) best.pop();
  }
  return best;
}

function named({ head: { legend } }: Tally, { label, iou }: Score): LabelScore {
  return { concept: legend.names[label]!, category: legend.categories[legend.categoryOf[label]!]!, iou };
}

function ceiling(tally: Tally, label: number): number {
  const { recipe, quantile } = tally.head;
  if (RECIPES[recipe].perImage) return 1;
  return Math.min(1, (quantile * tally.pixels) / tally.labelled[label]!);
}

function coverage(tally: Tally, unit: number, label: number): number {
  return tally.both[unit * tally.head.legend.names.length + label]! / tally.labelled[label]!;
}
