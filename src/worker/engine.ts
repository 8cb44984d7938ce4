import { releaseProxy, transfer } from 'comlink';
import type { Job } from '../jobs/runtime.ts';
import type { Engine } from '../protocol/engine.ts';
import { type Outcome, toFailure, VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import { validate } from '../protocol/validation.ts';
import { holdLock } from './alive.ts';
import { JobCancellation } from './cancel.ts';
import { createReporter } from './reporter.ts';
import type { Host } from './runtime.ts';
import { transfers } from './transfers.ts';

export type JobTable = { readonly [K in JobKind]: Job<K> };

/** The object that the worker exposes: runs the jobs of the table on the host, and turns all that is thrown into outcomes. */
export function createEngine(host: Host, jobs: JobTable): Engine {
  const active = new Map<number, JobCancellation>();

  async function work<K extends JobKind>(
    kind: K,
    params: unknown,
    cancellation: JobCancellation,
    send: (progress: Jobs[K]['progress']) => unknown,
  ): Promise<Jobs[K]['result']> {
    const checked = validate(kind, params);
    const reporter = createReporter(send);
    const report = (progress: Jobs[K]['progress']) => {
      if (!cancellation.cancelled) reporter.report(progress);
    };
    const { runtime, leave } = await host.enter(cancellation, (done, total) =>
      report({ phase: 'load', done, total, elapsedMs: 0 }),
    );
    try {
      const job: Job<K> = jobs[kind];
      const result = await job(checked, { runtime, cancellation, report });
      // All progress arrives before the result does.
      if (!cancellation.cancelled) await reporter.flush();
      return result;
    } finally {
      leave();
    }
  }

  return {
    describe: () => host.describe(),
    live: holdLock,
    chooseDevice: (device) => settle(host.chooseDevice(device)),
    async start(id, kind, params, report) {
      if (active.has(id)) return failed(new VitrineError('internal', `job ${id} is already running`));
      const cancellation = new JobCancellation();
      active.set(id, cancellation);
      try {
        const outcome = await settle(work(kind, params, cancellation, report));
        cancellation.check();
        return transfer(outcome, transfers(outcome));
      } catch (error) {
        return failed(error);
      } finally {
        active.delete(id);
        // Present when the call came through Comlink: closes the port that carried the progress.
        (report as { [releaseProxy]?: () => void })[releaseProxy]?.();
      }
    },
    cancel(id) {
      active.get(id)?.cancel();
    },
  };
}

async function settle<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): { readonly ok: false; readonly error: ReturnType<typeof toFailure> } {
  return { ok: false, error: toFailure(error) };
}
