import type { DissectionRow } from '../../protocol/dissection.ts';
import { type Run, shownOf } from '../../state/run.ts';
import { useRun } from '../context.ts';

/** IoU from which a unit counts as a detector (Bau et al. 2017). */
export const DETECTOR_IOU = 0.04;

export function isDetector({ dead, iou }: DissectionRow): boolean {
  return !dead && iou >= DETECTOR_IOU;
}

export interface Rows {
  readonly rows: readonly DissectionRow[];
  readonly state: 'none' | 'partial' | 'stopped' | 'done';
}

const none: readonly DissectionRow[] = [];

/** The rows to show: those of the run that goes on or was stopped, as far as it came, or else the finished ones. */
export function useRows(): Rows {
  return rowsOf(useRun('dissect'));
}

export function rowsOf(run: Run<'dissect'>): Rows {
  const finished = shownOf(run);
  if (run.status === 'running' && run.progress?.rows) return { rows: run.progress.rows, state: 'partial' };
  if (finished) return { rows: finished.result.rows, state: 'done' };
  if (run.status === 'failed' && run.progress?.rows) return { rows: run.progress.rows, state: 'stopped' };
  return { rows: none, state: 'none' };
}
