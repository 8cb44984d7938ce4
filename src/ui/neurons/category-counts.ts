import type { DissectionRow } from '../../protocol/dissection.ts';
import { categories } from './category-name.ts';
import { isDetector } from './use-rows.ts';

/** Detectors of each of the six categories, those without any included, in the page's order; others follow by name. */
export function categoryCounts(
  rows: readonly DissectionRow[],
): readonly { readonly category: string; readonly count: number }[] {
  const counts = new Map<string, number>(categories.map((category) => [category, 0]));
  for (const row of rows) {
    if (isDetector(row)) counts.set(row.category, (counts.get(row.category) ?? 0) + 1);
  }
  return [...counts].map(([category, count]) => ({ category, count }));
}
