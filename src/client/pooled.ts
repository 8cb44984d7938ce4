import type {
  Dissection,
  DissectParams,
  DissectPartProgress,
  DissectProgress,
} from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import type { NameUnitsParams, UnitNames } from '../protocol/naming.ts';
import type { Client, RunOptions } from './client.ts';
import { watchInShards } from './watch-in-shards.ts';

export interface PoolOptions {
  /** Clients of workers of their own, made when the first long dissection comes. */
  readonly spawnClients: () => readonly Client[];
  /** Fewer scenes are not worth the workers' start. */
  readonly leastScenes?: number;
  /** Milliseconds without a dissection after which the extra workers are ended. */
  readonly idleMs?: number;
}

/** Between partial tables, in milliseconds. */
const TABLE_EVERY_MS = 1500;

/**
 * The same client, whose long dissections and namings run in several workers, a shard of the pictures each. All shards' sums are merged
 * and left where the client's own worker finds them, which then answers from them: one result, one place where it is
 * remembered. What other workers cannot do (a model that only one of them holds, no storage) is done by the one.
 */
export function pooled(
  client: Client,
  { spawnClients, leastScenes = 128, idleMs = 30_000 }: PoolOptions,
): Client {
  let workers: readonly Client[] = [];
  let working = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const end = (): void => {
    clearTimeout(idle);
    for (const worker of workers) worker.dispose();
    workers = [];
  };

  /** What several workers make together; undefined when the client's own has to do it alone. */
  async function share<T>(
    work: (workers: readonly Client[]) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    clearTimeout(idle);
    working += 1;
    if (workers.length === 0) workers = spawnClients();
    try {
      if (workers.length < 2) return undefined;
      // Where there is a GPU they would all take it, one after another.
      await Promise.all(workers.map((worker) => worker.chooseDevice('wasm')));
      return await work(workers);
    } catch (error) {
      if (isFinal(error, signal)) throw error;
      return undefined;
    } finally {
      working -= 1;
      if (working === 0) idle = setTimeout(end, idleMs);
    }
  }

  async function dissect(params: DissectParams, options: RunOptions<'dissect'>): Promise<Dissection> {
    const { device } = await client.info();
    const began = performance.now();
    const signal = options.signal ? { signal: options.signal } : {};
    const long = device === 'wasm' && params.scenes >= leastScenes;
    const together = async (all: readonly Client[]): Promise<true> => {
      await inShards(all, params, options);
      // Left where the client's own finds it.
      return true;
    };
    const shared =
      long && !(await client.run('dissectKept', params, signal)) && (await share(together, options.signal));
    if (!shared) return client.run('dissect', params, options);
    // From what the shards have left.
    const { fresh: _, ...kept } = params;
    const result = await client.run('dissect', kept, options);
    return { ...result, elapsedMs: performance.now() - began };
  }

  async function nameUnits(params: NameUnitsParams, options: RunOptions<'nameUnits'>): Promise<UnitNames> {
    const { device } = await client.info();
    const began = performance.now();
    const long = device === 'wasm' && params.scenes >= leastScenes;
    const watch = (all: readonly Client[]) => watchInShards(all, params, options);
    const parts = long ? await share(watch, options.signal) : undefined;
    if (!parts) return client.run('nameUnits', params, options);
    const result = await client.run('nameUnits', { ...params, parts }, options);
    return { ...result, elapsedMs: performance.now() - began };
  }

  return {
    ...client,
    run<K extends JobKind>(kind: K, params: Jobs[K]['params'], options: RunOptions<K> = {}) {
      // The kind says which of the union the parameters are; the compiler does not follow.
      if (kind === 'nameUnits') {
        return nameUnits(params as NameUnitsParams, options as RunOptions<'nameUnits'>) as Promise<
          Jobs[K]['result']
        >;
      }
      if (kind !== 'dissect') return client.run(kind, params, options);
      return dissect(params as DissectParams, options as RunOptions<'dissect'>) as Promise<Jobs[K]['result']>;
    },
    dispose() {
      end();
      client.dispose();
    },
  };
}

async function inShards(
  workers: readonly Client[],
  params: DissectParams,
  { onProgress, signal }: RunOptions<'dissect'>,
): Promise<void> {
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const [first] = workers;
  const began = performance.now();
  const reports: (DissectPartProgress | undefined)[] = [];
  const parts: Uint8Array[] = [];
  let resumedBefore = 0;
  let silent = 0;
  let shownMs = began;
  let merging = false;

  const say = (pass: 'threshold' | 'count', rows?: DissectProgress['rows']): void => {
    const known = reports.filter((report) => report !== undefined);
    // What an earlier run had done is known when all have spoken; a shard may be empty, and then never speaks.
    if (pass === 'threshold' && known.length + silent < workers.length) return;
    const sum = (of: (report: DissectPartProgress) => number) =>
      known.reduce((total, report) => total + of(report), 0);
    // Both passes are as long as each other.
    const half = Math.max(
      params.scenes,
      sum(({ total }) => total),
    );
    const done = sum((report) => report.done) + (pass === 'count' ? half : 0);
    const left = Math.max(...known.map(({ leftMs = 0 }) => leftMs));
    const elapsedMs = performance.now() - began;
    const resumed = resumedBefore + sum(({ resumedAt = 0 }) => resumedAt);
    onProgress?.({
      phase: 'run',
      pass,
      done,
      total: 2 * half,
      elapsedMs,
      // The first pass has run the model for both.
      leftMs: pass === 'count' ? left : left + elapsedMs / 4,
      ...(resumed > 0 ? { resumedAt: resumed } : {}),
      ...(rows ? { rows } : {}),
    });
  };
  const firmUp = async (): Promise<void> => {
    if (merging || parts.filter(Boolean).length < workers.length) return;
    if (performance.now() - shownMs < TABLE_EVERY_MS) return;
    merging = true;
    shownMs = performance.now();
    try {
      const { rows } = await first!.run(
        'dissectMerge',
        { parts: [...parts], pass: 'count' },
        { signal: stop },
      );
      if (!stop.aborted) say('count', rows);
    } catch {
      // The table is only a foretaste.
    } finally {
      merging = false;
    }
  };
  const onPart = (index: number, pass: 'threshold' | 'count') => (report: DissectPartProgress) => {
    if (report.phase === 'load') return;
    reports[index] = report;
    if (report.part) parts[index] = report.part;
    say(pass);
    if (pass === 'count') void firmUp();
  };
  const runPass = async (pass: 'threshold' | 'count', thresholds?: Uint8Array): Promise<Uint8Array> => {
    resumedBefore = reports.reduce((total, report) => total + (report?.resumedAt ?? 0), 0);
    reports.length = 0;
    silent = 0;
    const done = await Promise.all(
      workers.map(async (worker, index) => {
        const part = await worker.run(
          'dissectPart',
          {
            ...params,
            fresh: params.fresh === true && pass === 'threshold',
            shard: { index, of: workers.length },
            pass,
            ...(thresholds ? { thresholds } : {}),
          },
          { signal: stop, onProgress: onPart(index, pass) },
        );
        if (!reports[index]) silent += 1;
        return part;
      }),
    );
    const { merged } = await first!.run(
      'dissectMerge',
      { parts: done, pass, whole: params },
      { signal: stop },
    );
    return merged;
  };
  try {
    await runPass('count', await runPass('threshold'));
  } catch (error) {
    failed.abort();
    throw error;
  }
}

/** Errors that one worker alone would meet too. */
function isFinal(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return true;
  return error instanceof VitrineError && ['bad-parameter', 'unsupported', 'bad-image'].includes(error.code);
}
