import { type Remote, wrap } from 'comlink';
import type { Engine, RuntimeInfo } from '../protocol/engine.ts';
import { VitrineError } from '../protocol/errors.ts';

/** What is needed of a Worker; tests pass a port with a `terminate`. */
export type WorkerLike = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

/**
 * One worker's life. Comlink alone leaves its callers waiting when a worker never starts or dies; here every call settles,
 * whichever comes first: the answer, or the end of the worker.
 */
export class WorkerLink {
  readonly ready: Promise<RuntimeInfo>;
  readonly #worker: WorkerLike;
  readonly #remote: Remote<Engine>;
  readonly #waiting = new Set<(error: VitrineError) => void>();
  readonly #vigil = new AbortController();
  readonly #bootTimer: ReturnType<typeof setTimeout>;
  readonly #jobs = new Set<number>();
  readonly #stopTimers = new Map<number, ReturnType<typeof setTimeout>>();
  #booted = false;
  #retired = false;
  #end: VitrineError | undefined;

  constructor(worker: WorkerLike, bootTimeoutMs: number) {
    this.#worker = worker;
    this.#remote = wrap<Engine>(worker);
    worker.addEventListener('error', this.#onError);
    worker.addEventListener('messageerror', this.#onMessageError);
    this.#bootTimer = setTimeout(() => {
      this.end(new VitrineError('worker-boot', `the worker did not answer within ${bootTimeoutMs} ms`));
    }, bootTimeoutMs);
    this.ready = this.#boot();
    // Every call awaits it and reports its failure; nobody may have called yet.
    this.ready.catch(() => undefined);
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Settles with the answer, or rejects with what ended the worker. */
  call<T>(ask: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      // All of Engine's methods answer with a promise, so that the remote object has the engine's own type; Comlink's mapped
      // type loses the link between a job's kind and its result.
      ask(this.#remote as unknown as Engine)
        .then(resolve, (thrown: unknown) => {
          const message = thrown instanceof Error ? thrown.message : String(thrown);
          reject(new VitrineError('internal', message, {}, thrown));
        })
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** Calls on behalf of a job, so that {@link stop} knows when the job has ended. */
  async start<T>(id: number, ask: (engine: Engine) => Promise<T>): Promise<T> {
    this.#jobs.add(id);
    try {
      return await this.call(ask);
    } finally {
      this.#jobs.delete(id);
      clearTimeout(this.#stopTimers.get(id));
      this.#stopTimers.delete(id);
    }
  }

  /**
   * Cancels a job. If it does not end within `timeoutMs`, the worker hangs: it is terminated, and its other jobs may be started
   * again on another. This clock runs only because somebody cancelled.
   */
  stop(id: number, timeoutMs: number): void {
    if (!this.#jobs.has(id)) return;
    this.call(async (engine) => engine.cancel(id)).catch(() => undefined);
    const timer = setTimeout(() => this.retire('a cancelled job did not stop'), timeoutMs);
    this.#stopTimers.set(id, timer);
  }

  /** Ends the worker for a reason that its other jobs have no part in: they may be started again on another. */
  retire(reason: string): void {
    if (this.#end) return;
    this.#retired = true;
    this.end(new VitrineError('worker-crashed', `the worker was replaced: ${reason}`));
  }

  get retired(): boolean {
    return this.#retired;
  }

  /** Terminates the worker; every waiting call rejects with `error`. Only the first call counts. */
  end(error: VitrineError): void {
    if (this.#end) return;
    this.#end = error;
    clearTimeout(this.#bootTimer);
    this.#vigil.abort();
    this.#worker.removeEventListener('error', this.#onError);
    this.#worker.removeEventListener('messageerror', this.#onMessageError);
    this.#worker.terminate();
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  async #boot(): Promise<RuntimeInfo> {
    const lock = `vitrine-worker-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    // Jobs wait for the lock too: one that kills its worker before it is held would go unnoticed.
    const [info, held] = await Promise.all([
      this.call((engine) => engine.describe()),
      this.call((engine) => engine.live(lock)),
    ]);
    clearTimeout(this.#bootTimer);
    this.#booted = true;
    if (held) this.#keepVigil(lock);
    return info;
  }

  /** No event tells that a worker was closed or killed by the browser; its lock, which dies with it, does. */
  #keepVigil(lock: string): void {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    locks
      ?.request(lock, { signal: this.#vigil.signal }, () => {
        this.end(new VitrineError('worker-crashed', 'the worker died'));
      })
      // Aborted by `end`: everybody knows already.
      .catch(() => undefined);
  }

  readonly #onError = (event: Event): void => {
    event.preventDefault();
    const message = 'message' in event && typeof event.message === 'string' ? event.message : '';
    if (this.#booted) this.end(new VitrineError('worker-crashed', message || 'the worker crashed'));
    // A script that cannot be loaded gives a bare event; one that throws gives an event with the error's message.
    else if (message === '') this.end(new VitrineError('worker-missing', "the worker's script did not load"));
    else this.end(new VitrineError('worker-boot', message));
  };

  readonly #onMessageError = (): void => {
    this.end(new VitrineError('worker-crashed', 'a message of the worker could not be read'));
  };
}
