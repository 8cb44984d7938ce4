import { VitrineError } from '../protocol/errors.ts';
import { download } from './download.ts';
import type { ModelFile, ModelIndex } from './model-index.ts';

export interface Loading {
  readonly signal?: AbortSignal;
  /** Bytes of this file so far; called at least once unless the file is already here. */
  readonly onBytes?: (done: number, total: number) => void;
}

export interface ModelStore {
  /** The checked bytes of one file. They are shared: nobody writes to them or transfers them. */
  bytes(model: string, role: string, loading?: Loading): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file on its way or here. Callers share it; it is given up when the last of them has left before the end. */
interface Entry {
  readonly promise: Promise<Uint8Array<ArrayBuffer>>;
  readonly abort: AbortController;
  readonly listeners: Set<(done: number) => void>;
  waiting: number;
  done: number;
  complete: boolean;
}

/**
 * Files of the models in `index`, fetched from `urls` (by `ModelFile.path`), each at most once. Failures are forgotten, so that
 * the next call tries again.
 */
export function createModelStore(index: ModelIndex, urls: Readonly<Record<string, string>>): ModelStore {
  const entries = new Map<string, Entry>();

  function start(model: string, file: ModelFile, url: string): Entry {
    const abort = new AbortController();
    const listeners = new Set<(done: number) => void>();
    const promise = download(url, file, model, abort.signal, (done) => {
      entry.done = done;
      for (const listener of listeners) listener(done);
    });
    const entry: Entry = { promise, abort, listeners, waiting: 0, done: 0, complete: false };
    promise.then(
      () => {
        entry.complete = true;
      },
      () => {
        if (entries.get(file.path) === entry) entries.delete(file.path);
      },
    );
    entries.set(file.path, entry);
    return entry;
  }

  return {
    async bytes(model, role, { signal, onBytes } = {}) {
      const file = find(index, model, role);
      const url = urls[file.path];
      if (url === undefined) {
        throw new VitrineError('model-missing', `${file.path} is not part of this build`, {
          id: model,
          file: role,
        });
      }
      throwIfAborted(signal);
      const entry = entries.get(file.path) ?? start(model, file, url);
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
          entries.delete(file.path);
          entry.abort.abort();
        }
      }
    },
  };
}

function find(index: ModelIndex, model: string, role: string): ModelFile {
  const entry = index.models.find(({ id }) => id === model);
  if (!entry) throw new VitrineError('model-missing', `no model ${model}`, { id: model });
  const file = Object.hasOwn(entry.files, role) ? entry.files[role] : undefined;
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
