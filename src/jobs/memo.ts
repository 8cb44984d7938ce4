/** What jobs remember for each other: parsed models, embedded vocabularies, probe means. Kept as long as the host lives. */

import { VitrineError } from '../protocol/errors.ts';
import type { Runtime } from './runtime.ts';

/**
 * `make` once for each host and key; callers at the same time share the promise. A failure is forgotten, and a cancelled
 * maker passes the work on to the next waiting caller.
 */
export function memo<T>(
  make: (runtime: Runtime, key: string) => Promise<T>,
): (runtime: Runtime, key: string) => Promise<T> {
  const hosts = new WeakMap<object, Map<string, Promise<T>>>();
  return async (runtime, key) => {
    let known = hosts.get(runtime.host);
    if (!known) {
      known = new Map();
      hosts.set(runtime.host, known);
    }
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
}
