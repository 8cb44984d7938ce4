import { proxy } from 'comlink';
import type { Fallback, RuntimeInfo } from '../protocol/engine.ts';
import { type Failure, fromFailure, type Outcome, VitrineError } from '../protocol/errors.ts';
import type { Device, JobKind, Jobs } from '../protocol/jobs.ts';
import { type WorkerLike, WorkerLink } from './worker-link.ts';

export interface ClientOptions {
  /** Starts the engine's worker; called again after a crash. */
  readonly spawn: () => WorkerLike;
  /** How long a new worker may take to answer, its download included. */
  readonly bootTimeoutMs?: number;
  /** How long a cancelled job may take to stop before its worker is terminated. */
  readonly stopTimeoutMs?: number;
}

export interface RunOptions<K extends JobKind> {
  readonly onProgress?: (progress: Jobs[K]['progress']) => void;
  readonly signal?: AbortSignal;
}

/** The page's side of the worker. Every promise settles; rejections are {@link VitrineError}s. */
export interface Client {
  info(): Promise<RuntimeInfo>;
  /** Switches the device for jobs that start from now on; jobs that run stay where they are. */
  chooseDevice(device: Device): Promise<RuntimeInfo>;
  /** Calls `listener` whenever WebGPU failed and jobs go on, from their beginning, on WASM. Gives the way to stop that. */
  onFallback(listener: (fallback: Fallback) => void): () => void;
  /** Progress stops with the promise. An aborted signal rejects at once with `cancelled`; the worker stops when it can. */
  run<K extends JobKind>(
    kind: K,
    params: Jobs[K]['params'],
    options?: RunOptions<K>,
  ): Promise<Jobs[K]['result']>;
  /** Terminates the worker; what is pending rejects with `worker-crashed`, and so does every later call. */
  dispose(): void;
}

export function createClient({
  spawn,
  bootTimeoutMs = 30_000,
  stopTimeoutMs = 10_000,
}: ClientOptions): Client {
  let current: { readonly link: WorkerLink; readonly prepared: Promise<void> } | undefined;
  let wanted: Device | undefined;
  let disposed = false;
  let lastId = 0;
  const listeners = new Set<(fallback: Fallback) => void>();

  /** The living worker, or a new one on the device that was chosen last. */
  async function connect(): Promise<WorkerLink> {
    if (disposed) throw gone();
    if (!current || current.link.ended) {
      const link = new WorkerLink(start(spawn), bootTimeoutMs);
      current = { link, prepared: prepare(link) };
    }
    const { link, prepared } = current;
    await prepared;
    return link;
  }

  async function prepare(link: WorkerLink): Promise<void> {
    await link.ready;
    if (wanted === undefined) return;
    const outcome = await link.call((engine) => engine.chooseDevice(wanted ?? 'wasm'));
    // The device may be what went away with the last worker; this one then keeps its own choice, which results name.
    if (!outcome.ok) wanted = undefined;
  }

  /** WebGPU failed the job for a reason that WASM does not share: every job from now on runs there. */
  async function fallBack(link: WorkerLink, failure: Failure, fallback: Fallback): Promise<void> {
    const first = wanted !== 'wasm';
    wanted = 'wasm';
    if (failure.detail?.fatal === 1) link.retire(failure.message);
    else unwrap(await link.call((engine) => engine.chooseDevice('wasm')));
    // Jobs that ran side by side fail for one reason, which is told once.
    if (first) for (const listener of listeners) listener(fallback);
  }

  /**
   * Runs the job until it has an outcome: on a new worker when another job's end cost it the old one, on WASM when WebGPU
   * failed it.
   */
  async function perform<K extends JobKind>(id: number, kind: K, params: Jobs[K]['params'], job: Waiting<K>) {
    for (let fellBack = false; ; ) {
      const link = await connect();
      if (!job.waited) throw cancelled();
      job.stop = () => link.stop(id, stopTimeoutMs);
      const report = proxy((progress: Jobs[K]['progress']) => {
        if (job.waited) job.onProgress?.(progress);
      });
      let outcome: Outcome<Jobs[K]['result']>;
      try {
        outcome = await link.start(id, (engine) => engine.start(id, kind, params, report));
      } catch (error) {
        if (job.waited && link.retired && !disposed) continue;
        throw error;
      }
      const fallback = outcome.ok || fellBack || !job.waited ? undefined : fallbackOf(outcome.error);
      if (!outcome.ok && fallback) {
        await fallBack(link, outcome.error, fallback);
        fellBack = true;
        continue;
      }
      // A full heap or a lost GPU: the runtime in that worker cannot go on.
      if (!outcome.ok && outcome.error.detail?.fatal === 1) link.retire(outcome.error.message);
      return unwrap(outcome);
    }
  }

  return {
    info: async () => (await connect()).call((engine) => engine.describe()),
    async chooseDevice(device) {
      const info = unwrap(await (await connect()).call((engine) => engine.chooseDevice(device)));
      wanted = device;
      return info;
    },
    onFallback(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    run<K extends JobKind>(kind: K, params: Jobs[K]['params'], { onProgress, signal }: RunOptions<K> = {}) {
      const id = ++lastId;
      return new Promise<Jobs[K]['result']>((resolve, reject) => {
        if (signal?.aborted) {
          reject(cancelled());
          return;
        }
        const job: Waiting<K> = { waited: true, onProgress, stop: undefined };
        const abort = () => {
          job.waited = false;
          reject(cancelled());
          job.stop?.();
        };
        signal?.addEventListener('abort', abort, { once: true });
        perform(id, kind, params, job)
          .then(resolve, reject)
          .finally(() => {
            job.waited = false;
            signal?.removeEventListener('abort', abort);
          });
      });
    },
    dispose() {
      disposed = true;
      current?.link.end(gone());
    },
  };
}

/** A job as its caller sees it. */
interface Waiting<K extends JobKind> {
  /** False once the promise is settled: what comes later is dropped. */
  waited: boolean;
  readonly onProgress: ((progress: Jobs[K]['progress']) => void) | undefined;
  /** Present once the job was sent to a worker. */
  stop: (() => void) | undefined;
}

/** Undefined for failures that WASM would share, and for a device that was never there. */
function fallbackOf({ code, message, detail }: Failure): Fallback | undefined {
  if (detail?.device !== 'webgpu') return undefined;
  if (code === 'memory') return { why: 'full', message };
  if (code !== 'device') return undefined;
  if (detail.fatal === 1) return { why: 'lost', message };
  return detail.difference === undefined ? undefined : { why: 'differs', message };
}

function start(spawn: () => WorkerLike): WorkerLike {
  try {
    return spawn();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new VitrineError('worker-missing', `the worker could not be started: ${message}`, {}, error);
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw fromFailure(outcome.error);
}

function cancelled(): VitrineError {
  return new VitrineError('cancelled', 'cancelled');
}

function gone(): VitrineError {
  return new VitrineError('worker-crashed', 'the client was disposed');
}
