import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import type { Progress } from '../protocol/progress.ts';

/** What state needs of the client: run one job, hear of its progress, stop it by the signal. */
export interface Runner {
  run<K extends JobKind>(
    kind: K,
    params: Jobs[K]['params'],
    options: { readonly onProgress: (progress: Jobs[K]['progress']) => void; readonly signal: AbortSignal },
  ): Promise<Jobs[K]['result']>;
}

export interface Finished<K extends JobKind> {
  readonly params: Jobs[K]['params'];
  readonly result: Jobs[K]['result'];
  /** Progress reports in order, for the jobs whose way is worth seeing; empty otherwise. */
  readonly trail: readonly Jobs[K]['progress'][];
}

/** One job's life. `kept` is the result shown before, which stays while a new run goes on, fails or is stopped. */
export type Run<K extends JobKind> =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly params: Jobs[K]['params'];
      readonly progress: Jobs[K]['progress'] | undefined;
      readonly trail: readonly Jobs[K]['progress'][];
      readonly kept: Finished<K> | undefined;
    }
  | ({ readonly status: 'done' } & Finished<K>)
  | {
      readonly status: 'failed';
      readonly params: Jobs[K]['params'];
      readonly failure: Failure;
      /** How far it came. */
      readonly progress: Jobs[K]['progress'] | undefined;
      readonly trail: readonly Jobs[K]['progress'][];
      readonly kept: Finished<K> | undefined;
    };

export interface RunStore<K extends JobKind> {
  readonly store: StoreApi<Run<K>>;
  /** Starts, stopping what was running; does nothing when the very same run is going on. A remembered result is shown at once. */
  start(params: Jobs[K]['params']): void;
  /** Stops and keeps what is there. */
  cancel(): void;
  /** Forgets every remembered result, because they were computed elsewhere. */
  forget(): void;
  /** Back to where nothing was computed: what runs is stopped, what is shown is put away. */
  clear(): void;
}

interface Options<K extends JobKind> {
  /** Keep the progress reports beside the result. */
  readonly trail?: boolean;
  /** What is worth doing before a result is shown; the run goes on until then. */
  readonly prepare?: (result: Jobs[K]['result']) => Promise<void>;
  /** How many finished runs to remember, so that going back is free. */
  readonly remember?: number;
}

export function createRun<K extends JobKind>(runner: Runner, kind: K, options: Options<K> = {}): RunStore<K> {
  const store = createStore<Run<K>>(() => ({ status: 'idle' }));
  const remembered = new Map<string, Finished<K>>();
  const room = options.remember ?? 1;
  let abort: AbortController | undefined;

  const remember = (finished: Finished<K>): void => {
    const key = keyOf(finished.params);
    remembered.delete(key);
    remembered.set(key, finished);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= room) break;
      remembered.delete(oldest);
    }
  };

  const start = (params: Jobs[K]['params']): void => {
    const current = store.getState();
    const key = keyOf(params);
    const same = current.status !== 'idle' && keyOf(current.params) === key;
    if (same && (current.status === 'running' || (current.status === 'done' && remembered.has(key)))) return;
    abort?.abort();
    abort = undefined;
    const known = remembered.get(key);
    if (known) {
      remember(known);
      store.setState({ status: 'done', ...known }, true);
      return;
    }
    const mine = new AbortController();
    abort = mine;
    const kept = keptOf(current);
    store.setState({ status: 'running', params, progress: undefined, trail: [], kept }, true);
    // A run that was replaced or stopped may still answer: only the latest one may write.
    const latest = (): boolean => abort === mine;
    const onProgress = (progress: Jobs[K]['progress']): void => {
      const now = store.getState();
      if (!latest() || now.status !== 'running') return;
      const trail = options.trail ? extended(now.trail, progress) : now.trail;
      store.setState({ status: 'running', params, progress, trail, kept }, true);
    };
    const work = async (): Promise<Jobs[K]['result']> => {
      const result = await runner.run(kind, params, { onProgress, signal: mine.signal });
      if (latest()) await options.prepare?.(result);
      return result;
    };
    work().then(
      (result) => {
        const now = store.getState();
        if (!latest() || now.status !== 'running') return;
        abort = undefined;
        const finished: Finished<K> = { params, result, trail: now.trail };
        remember(finished);
        store.setState({ status: 'done', ...finished }, true);
      },
      (thrown: unknown) => {
        if (latest()) fail(toFailure(thrown));
      },
    );
  };

  const fail = (failure: Failure): void => {
    const now = store.getState();
    if (now.status !== 'running') return;
    abort = undefined;
    const { params, progress, trail, kept } = now;
    store.setState({ status: 'failed', params, failure, progress, trail, kept }, true);
  };

  return {
    store,
    start,
    cancel: () => {
      abort?.abort();
      fail({ code: 'cancelled', message: 'stopped by the visitor' });
    },
    forget: () => remembered.clear(),
    clear: () => {
      abort?.abort();
      abort = undefined;
      remembered.clear();
      store.setState({ status: 'idle' }, true);
    },
  };
}

/** A job that was started again, as on another device, reports from the beginning: what came before is then no part of its way. */
function extended<P extends Progress>(trail: readonly P[], progress: P): readonly P[] {
  const before = trail.findLast(({ phase }) => phase === progress.phase);
  return before && progress.done < before.done ? [progress] : [...trail, progress];
}

/** The result that may be shown: this run's, or the one from before. */
export function shownOf<K extends JobKind>(run: Run<K>): Finished<K> | undefined {
  if (run.status === 'done') return run;
  return keptOf(run);
}

function keptOf<K extends JobKind>(run: Run<K>): Finished<K> | undefined {
  if (run.status === 'idle') return undefined;
  return run.status === 'done' ? { params: run.params, result: run.result, trail: run.trail } : run.kept;
}

/** Parameters are plain data; pixels are told apart by their bytes. */
export function keyOf(params: unknown): string {
  return JSON.stringify(params, (key, value: unknown) => {
    if (value instanceof Uint8ClampedArray) return `${value.length}:${checksum(value)}`;
    // The files of a data set, which may be many; its name stands beside them.
    return key === 'files' && Array.isArray(value) ? value.length : value;
  });
}

const checksums = new WeakMap<Uint8ClampedArray, number>();

/** FNV-1a: enough to tell two pictures of one session apart. */
function checksum(bytes: Uint8ClampedArray): number {
  const known = checksums.get(bytes);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  checksums.set(bytes, hash >>> 0);
  return hash >>> 0;
}
