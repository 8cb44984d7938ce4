import type { NameUnitsParams, NamingProgress } from '../protocol/naming.ts';
import type { Client, RunOptions } from './client.ts';

/** The pictures of a naming, a shard for each worker. One that fails stops the others. */
export async function watchInShards(
  workers: readonly Client[],
  { words: _, parts: _parts, ...watched }: NameUnitsParams,
  { onProgress, signal }: RunOptions<'nameUnits'>,
): Promise<readonly Uint8Array[]> {
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const began = performance.now();
  const reports: (NamingProgress | undefined)[] = workers.map(() => undefined);
  const say = (): void => {
    const known = reports.filter((report) => report !== undefined);
    const sum = (of: (report: NamingProgress) => number) =>
      known.reduce((total, report) => total + of(report), 0);
    const resumed = sum(({ resumedAt = 0 }) => resumedAt);
    onProgress?.({
      phase: 'run',
      done: sum(({ done }) => done),
      total: Math.max(
        watched.scenes,
        sum(({ total }) => total),
      ),
      elapsedMs: performance.now() - began,
      leftMs: Math.max(...known.map(({ leftMs = 0 }) => leftMs)),
      ...(resumed > 0 ? { resumedAt: resumed } : {}),
    });
  };
  try {
    return await Promise.all(
      workers.map((worker, index) =>
        worker.run(
          'watchUnits',
          { ...watched, shard: { index, of: workers.length } },
          {
            signal: stop,
            onProgress: (report) => {
              if (report.phase === 'load') return;
              reports[index] = report;
              say();
            },
          },
        ),
      ),
    );
  } catch (error) {
    failed.abort();
    throw error;
  }
}
