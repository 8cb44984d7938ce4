/** The two passes of a dissection over a shard's batches, each going on from where it was left. */

import { numberFact, pack, textFact, unpack } from '../methods/dissection/packed.ts';
import { Survey } from '../methods/dissection/survey.ts';
import { Tally } from '../methods/dissection/tally.ts';
import type { Shard } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { type DissectWork, newSurvey, type Seen, shardBatches } from './dissect-work.ts';
import type { Cancellation, Checkpoints, Runtime } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';

/** All pictures. */
export const WHOLE: Shard = { index: 0, of: 1 };

/** What a pass goes over: numbered batches of pictures, told from others by a key. */
export interface Batches<Picture> {
  readonly key: string;
  readonly source: { readonly count: number };
  look(batch: number, cancellation: Cancellation): Promise<readonly Picture[]>;
}

export interface PassContext<Picture = Seen> {
  readonly runtime: Runtime;
  readonly cancellation: Cancellation;
  readonly shard: Shard;
  /** Pictures that an earlier run had done; called once, when there are any. */
  readonly onResume: (pictures: number) => void;
  /** After every batch, with its pictures. */
  readonly onBatch: (pictures: number) => void;
  /** Activations of an earlier pass, by batch. */
  readonly kept?: {
    take(batch: number): readonly Picture[] | undefined;
    keep(batch: number, seen: readonly Picture[]): void;
  };
}

/** Checkpoints lie at most this share of a pass apart, and not closer than the time below: killing loses no more. */
const CHECKPOINT_SHARE = 0.005;
const LEAST_BETWEEN_MS = 250;

/** First pass: thresholds, peaks and top images of the shard. */
export async function surveyPass(work: DissectWork, context: PassContext): Promise<Survey | null> {
  let survey: Survey | null = null;
  await overBatches(work, context, 'threshold', {
    load: (bytes) => {
      survey = bytes ? Survey.load(bytes) : null;
    },
    save: () => survey?.save(),
    add: ({ index, maps, peaks, seen: { annotated, regions } }) => {
      survey ??= newSurvey(work, maps.dims);
      survey.add(maps, annotated, regions.height, regions.width, index, peaks);
    },
  });
  return survey;
}

/** Second pass: what fires on what. `onTally` sees the sums so far after every batch. */
export async function countPass(
  work: DissectWork,
  survey: Survey,
  context: PassContext,
  onTally: (tally: Tally) => void,
): Promise<Tally> {
  const found = survey.found(work.legend);
  let tally = Tally.of(work.recipe, work.legend, found);
  await overBatches(work, context, 'count', {
    load: (bytes) => {
      tally = bytes ? Tally.load(bytes, found.ranks) : Tally.of(work.recipe, work.legend, found);
    },
    save: () => tally.save(),
    add: ({ maps, peaks, seen }) => tally.add(maps, seen.regions, seen.annotated, peaks),
    afterBatch: () => onTally(tally),
  });
  return tally;
}

export interface Accumulator<Picture> {
  readonly load: (bytes: Uint8Array | null) => void;
  readonly save: () => Uint8Array | undefined;
  readonly add: (seen: Picture) => void;
  readonly afterBatch?: () => void;
}

/** Adds the pictures of a shard up, and keeps the sums now and then. */
export async function overBatches<Picture>(
  work: Batches<Picture>,
  { runtime, cancellation, shard, onResume, onBatch, kept }: PassContext<Picture>,
  pass: string,
  accumulator: Accumulator<Picture>,
): Promise<void> {
  const [first, end] = shardBatches(work.source.count, shard);
  const key = checkpointKey(work, shard, pass);
  const resumedAt = await resume(runtime.checkpoints, key, accumulator, first);
  const pictures = (from: number, to: number) =>
    Math.min(to * SCENE_BATCH, work.source.count) - Math.min(from * SCENE_BATCH, work.source.count);
  if (resumedAt > first) onResume(pictures(first, resumedAt));
  const between = Math.max(1, Math.floor((end - first) * CHECKPOINT_SHARE));
  let saved = resumedAt;
  let savedMs = runtime.now();
  const save = async (next: number): Promise<void> => {
    const bytes = accumulator.save();
    if (!bytes) return;
    await runtime.checkpoints?.save(key, checkpoint(pass, next, bytes));
    saved = next;
    savedMs = runtime.now();
  };
  let done = resumedAt;
  try {
    for (let batch = resumedAt; batch < end; batch += 1) {
      const known = kept?.take(batch);
      const seen = known ?? (await work.look(batch, cancellation));
      for (const each of seen) accumulator.add(each);
      if (!known) kept?.keep(batch, seen);
      done = batch + 1;
      accumulator.afterBatch?.();
      onBatch(pictures(batch, done));
      await runtime.pause();
      cancellation.check();
      if (done - saved >= between && runtime.now() - savedMs >= LEAST_BETWEEN_MS) await save(done);
    }
  } catch (error) {
    // Paused or cancelled between batches: nothing is lost.
    if (error instanceof VitrineError && error.code === 'cancelled' && done > saved) await save(done);
    throw error;
  }
  if (done > saved) await save(done);
}

function checkpointKey({ key }: Pick<DissectWork, 'key'>, { index, of }: Shard, pass: string): string {
  return `${key} ${index}/${of} ${pass}`;
}

function checkpoint(pass: string, next: number, bytes: Uint8Array): Uint8Array {
  return pack({ facts: { kind: 'checkpoint', pass, next }, arrays: { bytes } });
}

/** Leaves a whole pass, merged of shards, where a dissection of all pictures finds it finished. */
export async function keepPass(
  work: DissectWork,
  pass: 'threshold' | 'count',
  merged: Uint8Array,
  checkpoints: Checkpoints | undefined,
): Promise<void> {
  const [, end] = shardBatches(work.source.count, WHOLE);
  await checkpoints?.save(checkpointKey(work, WHOLE, pass), checkpoint(pass, end, merged));
}

/** Whether a pass over all pictures is finished and kept. */
export async function isKept(
  work: DissectWork,
  pass: 'threshold' | 'count',
  checkpoints: Checkpoints,
): Promise<boolean> {
  const bytes = await checkpoints.load(checkpointKey(work, WHOLE, pass));
  if (!bytes) return false;
  try {
    return numberFact(unpack(bytes), 'next') >= shardBatches(work.source.count, WHOLE)[1];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** Forgets what an earlier run has left of both passes. */
export async function forget(
  work: DissectWork,
  shard: Shard,
  checkpoints: Checkpoints | undefined,
): Promise<void> {
  for (const pass of ['threshold', 'count']) await checkpoints?.remove(checkpointKey(work, shard, pass));
}

/** The batch to go on with. A checkpoint that cannot be read counts as none. */
async function resume(
  checkpoints: Checkpoints | undefined,
  key: string,
  { load }: Pick<Accumulator<never>, 'load'>,
  first: number,
): Promise<number> {
  const bytes = await checkpoints?.load(key);
  if (!bytes) return first;
  try {
    const packed = unpack(bytes);
    const state = packed.arrays.bytes;
    if (textFact(packed, 'kind') !== 'checkpoint' || !(state instanceof Uint8Array)) return first;
    load(state);
    return numberFact(packed, 'next');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    load(null);
    return first;
  }
}
