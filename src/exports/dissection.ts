import type { Dissection, DissectionRow } from '../protocol/dissection.ts';
import { toCsv } from './csv.ts';
import { type Settings, toJson } from './settings.ts';

const columns = {
  unit: 'unit',
  concept: 'concept',
  category: 'category',
  iou: 'iou',
  ceiling: 'ceiling',
  coverage: 'coverage',
  auc: 'auc',
  threshold: 'threshold',
  runnerUp: 'runner_up',
  runnerUpIou: 'runner_up_iou',
  next: 'next',
  dead: 'dead',
} as const satisfies Record<keyof DissectionRow, string>;

const fields = Object.keys(columns) as readonly (keyof DissectionRow)[];

export function dissectionCsv(rows: readonly DissectionRow[]): string {
  return toCsv(
    fields.map((field) => columns[field]),
    rows.map((row) => fields.map((field) => (field === 'next' ? nextLabels(row) : row[field]))),
  );
}

/** `grass 0.0625; lawn 0.03`: the labels after the best in one cell. */
function nextLabels({ next }: DissectionRow): string {
  return next.map(({ concept, iou }) => `${concept} ${iou}`).join('; ');
}

/** What the run itself says (site, recipe, quantile, scenes, seed, device) stands beside the rows. */
export function dissectionJson(dissection: Dissection, settings: Settings): string {
  const { site, recipe, quantile, thresholdError, scenes, seed, device, rows } = dissection;
  return toJson(settings, {
    site,
    recipe,
    quantile,
    threshold_error: thresholdError,
    scenes,
    seed,
    device,
    rows: rows.map((row) =>
      Object.fromEntries(
        fields.map((field) => [
          columns[field],
          field === 'next' ? row.next.map((label) => ({ ...label })) : row[field],
        ]),
      ),
    ),
  });
}
