import type { DissectionRow } from '../protocol/dissection.ts';

/** IoU from which a unit counts as a detector (Bau et al. 2017). */
const DETECTOR_IOU = 0.04;

export interface ComparedSide {
  readonly units: number;
  readonly detectors: number;
  /** Detectors by category. */
  readonly byCategory: Readonly<Record<string, number>>;
}

export interface ComparedConcept {
  readonly concept: string;
  readonly category: string;
  /** Detectors of it on both sides. */
  readonly left: number;
  readonly right: number;
}

export interface Comparison {
  readonly left: ComparedSide;
  readonly right: ComparedSide;
  /** Every concept that either side has a detector of, most detectors together first. */
  readonly concepts: readonly ComparedConcept[];
  /** IoU of the live units: shares of both sides over common bins from 0. */
  readonly iou: {
    readonly edges: readonly number[];
    readonly left: readonly number[];
    readonly right: readonly number[];
  };
}

const BINS = 24;

/** Two dissections side by side. They need not have the same units, nor as many. */
export function compareRows(left: readonly DissectionRow[], right: readonly DissectionRow[]): Comparison {
  const concepts = new Map<string, { concept: string; category: string; left: number; right: number }>();
  const count = (rows: readonly DissectionRow[], side: 'left' | 'right'): ComparedSide => {
    const byCategory: Record<string, number> = {};
    let detectors = 0;
    for (const { dead, iou, category, concept } of rows) {
      if (dead || iou < DETECTOR_IOU) continue;
      detectors += 1;
      byCategory[category] = (byCategory[category] ?? 0) + 1;
      const key = `${category}/${concept}`;
      const entry = concepts.get(key) ?? { concept, category, left: 0, right: 0 };
      entry[side] += 1;
      concepts.set(key, entry);
    }
    return { units: rows.length, detectors, byCategory };
  };
  const sides = { left: count(left, 'left'), right: count(right, 'right') };
  const live = (rows: readonly DissectionRow[]) => rows.filter(({ dead }) => !dead).map(({ iou }) => iou);
  const [ours, theirs] = [live(left), live(right)];
  const top = Math.max(2 * DETECTOR_IOU, ...ours, ...theirs);
  const edges = Array.from({ length: BINS + 1 }, (_, i) => top * (i / BINS));
  return {
    ...sides,
    concepts: [...concepts.values()].sort(
      (a, b) => b.left + b.right - a.left - a.right || b.left - a.left || a.concept.localeCompare(b.concept),
    ),
    iou: { edges, left: shares(ours, top), right: shares(theirs, top) },
  };
}

function shares(values: readonly number[], top: number): readonly number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value / top) * BINS));
    counts[bin] = counts[bin]! + 1;
  }
  return counts.map((count) => (values.length > 0 ? count / values.length : 0));
}
