import { VitrineError } from '../protocol/errors.ts';
import type { FindSource, SourceFile } from './model-source.ts';

export interface Loading {
  readonly signal?: AbortSignal;
  /** Bytes of this file so far; called at least once unless the file is already here. */
  readonly onBytes?: (done: number, total: number) => void;
}

export interface ModelStore {
  /** The checked bytes of one file. They are shared: nobody writes to them or transfers them. */
  bytes(model: string, role: string, loading?: Loading): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of the bytes of every file of this model that no other caller waits for. */
  forget(model: string): Promise<void>;
  forgetAll(): void;
  /** Bytes held in memory. */
  held(): number;
}

/** A file on its way or here. Callers share it; it is given up when the last of them has left before the end. */
interface Entry {
  readonly promise: Promise<Uint8Array<ArrayBuffer>>;
  readonly abort: AbortController;
  readonly listeners: Set<(done: number) => void>;
  readonly bytes: number;
  waiting: number;
  done: number;
  complete: boolean;
}

/** Files of the models that `find` knows, each read at most once. Failures are forgotten, so that the next call tries again. */
export function createModelStore(find: FindSource): ModelStore {
  const entries = new Map<string, Entry>();

  function start(file: SourceFile): Entry {
    const abort = new AbortController();
    const listeners = new Set<(done: number) => void>();
    const promise = file.read(abort.signal, (done) => {
      entry.done = done;
      for (const listener of listeners) listener(done);
    });
    const entry: Entry = {
      promise,
      abort,
      listeners,
      bytes: file.bytes,
      waiting: 0,
      done: 0,
      complete: false,
    };
    promise.then(
      () => {
        entry.complete = true;
      },
      () => {
        if (entries.get(file.key) === entry) entries.delete(file.key);
      },
    );
    entries.set(file.key, entry);
    return entry;
  }

  return {
    async bytes(model, role, { signal, onBytes } = {}) {
      const file = await fileOf(find, model, role);
      throwIfAborted(signal);
      const entry = entries.get(file.key) ?? start(file);
      if (entry.complete) return entry.promise;
      const listener = (done: number) => onBytes?.(done, file.bytes);
      entry.listeners.add(listener);
      entry.waiting += 1;
      listener(entry.done);
      try {
        return await unlessAborted(entry.promise, signal);
      } finally {
        entry.listeners.delete(listener);
        entry.waiting -= 1;
        if (entry.waiting === 0 && !entry.complete) {
          entries.delete(file.key);
          entry.abort.abort();
        }
      }
    },
    async forget(model) {
      const source = await find(model);
      for (const { key } of Object.values(source?.files ?? {})) {
        if (entries.get(key)?.complete) entries.delete(key);
      }
    },
    forgetAll() {
      for (const [key, { complete }] of entries) if (complete) entries.delete(key);
    },
    held: () => [...entries.values()].reduce((sum, { complete, bytes }) => sum + (complete ? bytes : 0), 0),
  };
}

async function fileOf(find: FindSource, model: string, role: string): Promise<SourceFile> {
  const source = await find(model);
  if (!source) throw new VitrineError('model-missing', `no model ${model}`, { id: model });
  const file = Object.hasOwn(source.files, role) ? source.files[role] : undefined;
  if (!file) throw new VitrineError('model-missing', `${model} has no ${role}`, { id: model, file: role });
  return file;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new VitrineError('cancelled', 'loading was cancelled');
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new VitrineError('cancelled', 'loading was cancelled'));
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
