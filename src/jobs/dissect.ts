/**
 * What each unit of a layer detects: two passes over annotated pictures, thresholds first. Asked again with the same
 * parameters, it goes on from where it was left, finished results among it.
 */

import { tableRows } from '../methods/dissection/table.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { countPass, forget, surveyPass, WHOLE } from './dissect-passes.ts';
import { openWork } from './dissect-work.ts';
import { KEPT_BYTES, KeptBatches } from './kept-batches.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { topsKey, unitTops } from './unit-tops.ts';

/** Between partial tables. */
const ROWS_EVERY_MS = 700;

export const dissect: Job<'dissect'> = async (params, { runtime, cancellation, report }) => {
  const work = await openWork(runtime, params);
  if (params.fresh) await forget(work, WHOLE, runtime.checkpoints);
  const watch = new Stopwatch(runtime, 2 * work.source.count);
  let resumedAt = 0;
  const context = {
    runtime,
    cancellation,
    shard: WHOLE,
    kept: new KeptBatches(KEPT_BYTES),
    onResume: (pictures: number) => {
      watch.skip(pictures);
      resumedAt += pictures;
    },
  };
  const progress = (pictures: number): DissectProgress => ({
    ...watch.advance(pictures),
    ...(resumedAt > 0 ? { resumedAt } : {}),
  });

  const survey = await surveyPass(work, {
    ...context,
    onBatch: (pictures) => report({ ...progress(pictures), pass: 'threshold' }),
  });
  if (!survey)
    throw new VitrineError('bad-image', 'none of the pictures could be read', { count: work.source.count });
  unitTops.keep(runtime, topsKey(params), survey.top);

  let shown = runtime.now();
  let firm: Pick<DissectProgress, 'rows'> = {};
  const tally = await countPass(
    work,
    survey,
    {
      ...context,
      onBatch: (pictures) => {
        report({ ...progress(pictures), ...firm, pass: 'count' });
        firm = {};
      },
    },
    (sums) => {
      if (runtime.now() - shown <= ROWS_EVERY_MS) return;
      shown = runtime.now();
      firm = { rows: tableRows(sums) };
    },
  );
  return {
    site: params.site,
    recipe: work.recipe,
    quantile: work.rules.quantile,
    thresholdError: tally.head.relativeError,
    scenes: tally.images,
    seed: params.seed,
    rows: tableRows(tally),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};
