/** One shard of one pass of a dissection, for several workers or machines. Parts merge to the bytes that one worker makes. */

import { Survey } from '../methods/dissection/survey.ts';
import { VitrineError } from '../protocol/errors.ts';
import { countPass, forget, surveyPass } from './dissect-passes.ts';
import { type DissectWork, newSurvey, openWork, shardBatches } from './dissect-work.ts';
import { dropBatches, KEPT_BYTES, lastBatches } from './kept-batches.ts';
import { Stopwatch } from './progress.ts';
import type { Cancellation, Job } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';

/** Between parts that are reported for a table that firms up. */
const PART_EVERY_MS = 1500;

export const dissectPart: Job<'dissectPart'> = async (params, { runtime, cancellation, report }) => {
  const { shard, pass, thresholds } = params;
  const work = await openWork(runtime, params);
  const [first, end] = shardBatches(work.source.count, shard);
  if (params.fresh) {
    await forget(work, shard, runtime.checkpoints);
    dropBatches(runtime, 'part');
  }
  const total =
    Math.min(end * SCENE_BATCH, work.source.count) - Math.min(first * SCENE_BATCH, work.source.count);
  const watch = new Stopwatch(runtime, total);
  let part: Uint8Array | undefined;
  let resumedAt = 0;
  const context = {
    runtime,
    cancellation,
    shard,
    // The second pass is a job of its own. Shards run side by side on one machine, and share what one run may keep.
    kept: lastBatches(runtime, 'part', `${work.key} ${shard.index}/${shard.of}`, KEPT_BYTES / shard.of),
    onResume: (pictures: number) => {
      watch.skip(pictures);
      resumedAt = pictures;
      // A shard that was done has no batch to tell it after.
      report({ phase: 'run', done: pictures, total, elapsedMs: 0, pass, resumedAt });
    },
    onBatch: (pictures: number) => {
      report({
        ...watch.advance(pictures),
        pass,
        ...(resumedAt > 0 ? { resumedAt } : {}),
        ...(part ? { part } : {}),
      });
      part = undefined;
    },
  };
  if (pass === 'threshold') {
    const survey = (await surveyPass(work, context)) ?? (await emptySurvey(work, cancellation));
    return survey.save();
  }
  if (!thresholds) {
    throw new VitrineError('bad-parameter', 'pass count needs thresholds', {
      name: 'thresholds',
      allowed: 'a survey',
    });
  }
  let shown = runtime.now();
  const tally = await countPass(work, readSurvey(thresholds), context, (sums) => {
    if (runtime.now() - shown <= PART_EVERY_MS) return;
    shown = runtime.now();
    part = sums.save();
  });
  dropBatches(runtime, 'part');
  return tally.save();
};

/** Of a shard without pictures: the size of the maps is that of anybody's. */
async function emptySurvey(work: DissectWork, cancellation: Cancellation): Promise<Survey> {
  for (let batch = 0; batch * SCENE_BATCH < work.source.count; batch += 1) {
    const [seen] = await work.look(batch, cancellation);
    if (seen) return newSurvey(work, seen.maps.dims);
  }
  throw new VitrineError('bad-image', 'none of the pictures could be read', { count: work.source.count });
}

function readSurvey(bytes: Uint8Array): Survey {
  try {
    return Survey.load(bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new VitrineError(
      'bad-parameter',
      `thresholds: ${cause.message}`,
      { name: 'thresholds', allowed: 'a merged survey' },
      cause,
    );
  }
}
