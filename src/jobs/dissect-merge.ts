/** Parts of one pass as one: the thresholds for the second pass, or the table. */

import { textFact, unpack } from '../methods/dissection/packed.ts';
import { Survey } from '../methods/dissection/survey.ts';
import { tableRows } from '../methods/dissection/table.ts';
import { Tally } from '../methods/dissection/tally.ts';
import type { DissectMerged, DissectPartParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { forget, keepPass } from './dissect-passes.ts';
import { openWork } from './dissect-work.ts';
import type { Job } from './runtime.ts';

export const dissectMerge: Job<'dissectMerge'> = async ({ parts, pass, whole }, { runtime }) => {
  try {
    const result = pass === 'threshold' ? mergeSurveys(parts) : mergeTallies(parts);
    if (whole) {
      const work = await openWork(runtime, whole);
      await keepPass(work, pass, result.merged, runtime.checkpoints);
      // The parts' own sums have served; those of the first pass are wanted until here, should the second be cut short.
      if (pass === 'count') {
        for (const index of parts.keys())
          await forget(work, { index, of: parts.length }, runtime.checkpoints);
      }
    }
    return result;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new VitrineError(
      'bad-parameter',
      `parts: ${cause.message}`,
      { name: 'parts', allowed: 'all parts of one pass' },
      cause,
    );
  }
};

/** Which pass a part is of; null for other bytes. */
export function passOf(part: Uint8Array): DissectPartParams['pass'] | null {
  try {
    const kind = textFact(unpack(part), 'kind');
    return kind === 'survey' ? 'threshold' : kind === 'tally' ? 'count' : null;
  } catch {
    return null;
  }
}

function mergeSurveys(parts: readonly Uint8Array[]): DissectMerged {
  const whole = mergeAll(parts.map((part) => Survey.load(part)));
  const { relativeError } = whole.thresholds();
  return { merged: whole.save(), rows: [], thresholdError: relativeError, images: whole.images };
}

function mergeTallies(parts: readonly Uint8Array[]): DissectMerged {
  const whole = mergeAll(parts.map((part) => Tally.load(part)));
  return {
    merged: whole.save(),
    rows: tableRows(whole),
    thresholdError: whole.head.relativeError,
    images: whole.images,
  };
}

function mergeAll<T extends { merge(other: T): void }>(parts: readonly T[]): T {
  const [whole, ...rest] = parts;
  if (!whole) throw new RangeError('nothing to merge');
  for (const part of rest) whole.merge(part);
  return whole;
}
