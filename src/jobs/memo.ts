/** What jobs remember for each other: parsed models, embedded vocabularies, probe means. Kept as long as the host lives. */

import { VitrineError } from '../protocol/errors.ts';
import type { Runtime } from './runtime.ts';

export interface Memo<T> {
  (runtime: Runtime, key: string): Promise<T>;
  /** Remembers a value that came about otherwise. */
  keep(runtime: Runtime, key: string, value: T): void;
}

/**
 * `make` once for each host and key; callers at the same time share the promise. A failure is forgotten, and a cancelled
 * maker passes the work on to the next waiting caller.
 */
export function memo<T>(make: (runtime: Runtime, key: string) => Promise<T>): Memo<T> {
  const hosts = new WeakMap<object, Map<string, Promise<T>>>();
  const entries = (runtime: Runtime): Map<string, Promise<T>> => {
    const known = hosts.get(runtime.host) ?? new Map<string, Promise<T>>();
    hosts.set(runtime.host, known);
    return known;
  };
  const get = async (runtime: Runtime, key: string): Promise<T> => {
    const known = entries(runtime);
    for (;;) {
      const found = known.get(key);
      const promise = found ?? make(runtime, key);
      if (!found) known.set(key, promise);
      try {
        return await promise;
      } catch (error) {
        if (known.get(key) === promise) known.delete(key);
        if (found && error instanceof VitrineError && error.code === 'cancelled') continue;
        throw error;
      }
    }
  };
  const keep = (runtime: Runtime, key: string, value: T): void => {
    entries(runtime).set(key, Promise.resolve(value));
  };
  return Object.assign(get, { keep });
}
