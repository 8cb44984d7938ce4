/** A layer and a judge look at the same pictures: what naming the layer's units with words starts from. Goes on where it was left. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import { SOFT_WPMI } from '../methods/dissection/soft-wpmi.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import { Watching } from '../methods/dissection/watching.ts';
import type { Shard } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { NamingProgress, WatchedParams, WatchUnitsParams } from '../protocol/naming.ts';
import { type AnnotatedSource, worldSource } from './annotated-source.ts';
import { datasetSource, openData } from './dataset-source.ts';
import { overBatches } from './dissect-passes.ts';
import { fingerprint, shardBatches } from './dissect-work.ts';
import { openJudge } from './naming-judge.ts';
import { Stopwatch } from './progress.ts';
import type { Job, JobContext, Runtime } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import { openUnits, siteFile } from './unit-source.ts';
import { visionCard } from './vision-model.ts';

/** Of few pictures the strongest hundred would be most of them: at most this share, but some. */
const TOP_SHARE = 0.05;
const LEAST_TOP = 5;

interface Watched {
  readonly image: number;
  readonly means: Float32Array;
  readonly embedding: Float32Array;
}

export const watchUnits: Job<'watchUnits'> = async (params, context) => {
  const watching = await watchShard(params, params.shard, context);
  // A shard may have no picture: an empty part merges like any other.
  return watching.save();
};

/** Throws `bad-image` when none of the shard's pictures can be read. */
export async function watchShard(
  params: Omit<WatchUnitsParams, 'shard'>,
  shard: Shard,
  { runtime, cancellation, report }: JobContext<NamingProgress>,
): Promise<Watching> {
  const units = await openUnits(runtime, params);
  const judge = await openJudge(runtime, params.judge);
  const source = await watchedSource(runtime, params, units.size);
  const top = topOf(source.count);
  const [first, end] = shardBatches(source.count, shard);
  const pictures = (batch: number) => Math.min(batch * SCENE_BATCH, source.count);
  const total = pictures(end) - pictures(first);
  const watch = new Stopwatch(runtime, total);
  let watching: Watching | undefined;
  let resumedAt = 0;
  const look = async (batch: number): Promise<readonly Watched[]> => {
    const seen: { readonly image: number; readonly picture: Rgb8 }[] = [];
    for (let image = pictures(batch); image < pictures(batch + 1); image += 1) {
      const read = await source.read(image, units.size);
      if (read) seen.push({ image, picture: read.picture });
    }
    if (seen.length === 0) return [];
    const maps = await units.maps(seen.map(({ picture }) => picture));
    const means = maps.map(meansOf);
    const embeddings = await judge.see(seen.map(({ picture }) => picture));
    return seen.map(({ image }, i) => ({ image, means: means[i]!, embedding: embeddings[i]! }));
  };
  const context = {
    runtime,
    cancellation,
    shard,
    onResume: (done: number) => {
      watch.skip(done);
      resumedAt = done;
      report({ phase: 'run', done, total, elapsedMs: 0, resumedAt });
    },
    onBatch: (done: number) => report({ ...watch.advance(done), ...(resumedAt > 0 ? { resumedAt } : {}) }),
  };
  const key = await keyOf(runtime, params, source, top);
  await overBatches<Watched>({ key, source, look }, context, 'watch', {
    load: (bytes) => {
      watching = bytes ? Watching.load(bytes) : undefined;
    },
    save: () => watching?.save(),
    add: ({ image, means, embedding }) => {
      watching ??= new Watching({ units: means.length, top, width: embedding.length });
      watching.add(means, embedding, image);
    },
  });
  if (watching) return watching;
  if (total > 0) {
    throw new VitrineError('bad-image', 'none of the pictures could be read', { count: total });
  }
  const [any] = await look(0);
  if (!any) throw new VitrineError('bad-image', 'none of the pictures could be read', { count: 0 });
  return new Watching({ units: any.means.length, top, width: any.embedding.length });
}

/** Pictures that a unit is judged by, of so many. */
export function topOf(count: number): number {
  return Math.min(SOFT_WPMI.top, Math.max(LEAST_TOP, Math.round(TOP_SHARE * count)));
}

export async function watchedSource(
  runtime: Runtime,
  { data, scenes, seed }: WatchedParams,
  size: number,
): Promise<AnnotatedSource> {
  if (!data) return worldSource({ scenes, seed }, size);
  return datasetSource(runtime, await openData(data), data.name, scenes, { labelled: false });
}

/** What tells this work from other work; words are no part of it, so that other words need no new look. */
async function keyOf(
  runtime: Runtime,
  params: Omit<WatchUnitsParams, 'shard'>,
  source: AnnotatedSource,
  top: number,
): Promise<string> {
  const { model, site, noise = 0, judge } = params;
  const own = fingerprint(await runtime.bytes(model, await siteFile(runtime, params)));
  const eye = fingerprint(await runtime.bytes(judge, (await visionCard(runtime, judge)).file));
  return JSON.stringify(['watch 1', model, own, site, noise, judge, eye, top, source.key]);
}

function meansOf({ dims: [units, height, width], data }: UnitMaps): Float32Array {
  const positions = height * width;
  return Float32Array.from({ length: units }, (_, unit) => {
    let sum = 0;
    for (let i = unit * positions; i < (unit + 1) * positions; i += 1) sum += data[i]!;
    return sum / positions;
  });
}
