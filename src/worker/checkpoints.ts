import type { Checkpoints } from '../jobs/runtime.ts';

const STORE = 'checkpoints';

/**
 * State of long work in this origin's IndexedDB. Where there is none (a private window, a full disk) nothing is kept, and
 * work simply begins anew. Keeps the newest forty-eight.
 */
export function browserCheckpoints(name = 'vitrine-checkpoints'): Checkpoints {
  let opened: Promise<IDBDatabase | null> | undefined;
  const database = (): Promise<IDBDatabase | null> => {
    opened ??= open(name).catch(() => null);
    return opened;
  };
  const within = async <T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => Promise<T>,
  ): Promise<T | null> => {
    const found = await database();
    if (!found) return null;
    try {
      return await ask(found.transaction(STORE, mode).objectStore(STORE));
    } catch {
      return null;
    }
  };
  return {
    load: async (key) => {
      const kept = await within('readonly', (store) => settled(store.get(key)));
      return kept?.bytes instanceof Uint8Array ? kept.bytes : null;
    },
    save: async (key, bytes) => {
      await within('readwrite', async (store) => {
        await settled(store.put({ bytes, savedMs: Date.now() }, key));
        await dropOldest(store, key);
      });
    },
    remove: async (key) => {
      await within('readwrite', (store) => settled(store.delete(key)));
    },
  };
}

const MOST = 48;

async function dropOldest(store: IDBObjectStore, justSaved: string): Promise<void> {
  const keys = await settled(store.getAllKeys());
  if (keys.length <= MOST) return;
  const times = await Promise.all(
    keys.map(async (key) => ({ key, savedMs: Number((await settled(store.get(key)))?.savedMs ?? 0) })),
  );
  const oldest = times.filter(({ key }) => key !== justSaved).sort((a, b) => a.savedMs - b.savedMs);
  for (const { key } of oldest.slice(0, keys.length - MOST)) await settled(store.delete(key));
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
