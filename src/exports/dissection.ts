import type { Dissection, DissectionRow } from '../protocol/dissection.ts';
import { toCsv } from './csv.ts';
import { type Settings, toJson } from './settings.ts';

const columns = {
  unit: 'unit',
  concept: 'concept',
  category: 'category',
  iou: 'iou',
  ceiling: 'ceiling',
  threshold: 'threshold',
  runnerUp: 'runner_up',
  runnerUpIou: 'runner_up_iou',
  dead: 'dead',
} as const satisfies Record<keyof DissectionRow, string>;

const fields = Object.keys(columns) as readonly (keyof DissectionRow)[];

export function dissectionCsv(rows: readonly DissectionRow[]): string {
  return toCsv(
    fields.map((field) => columns[field]),
    rows.map((row) => fields.map((field) => row[field])),
  );
}

/** What the run itself says (site, recipe, quantile, scenes, seed, device) stands beside the rows. */
export function dissectionJson(dissection: Dissection, settings: Settings): string {
  const { site, recipe, quantile, scenes, seed, device, rows } = dissection;
  return toJson(settings, {
    site,
    recipe,
    quantile,
    scenes,
    seed,
    device,
    rows: rows.map((row) => Object.fromEntries(fields.map((field) => [columns[field], row[field]]))),
  });
}
