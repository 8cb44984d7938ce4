/** The jobs about what is kept in this browser: the host's own, beside those of the registry. */

import type { Job } from '../../jobs/runtime.ts';
import type { Library, LibraryKind } from '../../protocol/library.ts';
import type { LibraryStore } from './library.ts';
import type { Room } from './precision.ts';
import { noteName } from './vault.ts';

/** What else the list of kept models tells, and how a model is let go of. */
export interface Holdings {
  heldBytes(): number;
  sessions(): readonly string[];
  /** Closes the sessions of a model and forgets its bytes; of all kept ones for an empty id. */
  release(model: string): Promise<void>;
}

export function libraryJobs(
  open: () => Promise<LibraryStore>,
  { holdings, describe: room }: { readonly holdings: Holdings; describe(): Promise<Room> },
): { readonly [K in LibraryKind]: Job<K> } {
  const describe = async (store: LibraryStore): Promise<Library> => {
    const { vault } = store;
    const [models, files, parts, freeBytes] = await Promise.all([
      store.models(),
      vault.list(),
      vault.parts(),
      vault.free(),
    ]);
    const owned = new Set(models.flatMap((model) => model.files.map(({ sha256 }) => sha256)));
    const orphans = files.filter(({ key }) => !owned.has(key));
    const partial = await Promise.all(
      [...parts, ...orphans].map(async ({ key, bytes }) => ({
        key,
        bytes,
        path: (await vault.note(noteName('part', key))) ?? key.slice(0, 12),
      })),
    );
    return {
      models,
      partial,
      usedBytes: [...files, ...parts].reduce((sum, { bytes }) => sum + bytes, 0),
      ...(freeBytes === undefined ? {} : { freeBytes }),
      keeping: vault.keeping,
      heldBytes: holdings.heldBytes(),
      sessions: holdings.sessions(),
    };
  };
  /** A cancel reaches the transfer by this signal. */
  const signalOf = (context: Parameters<Job<'fetchModel'>>[1]): AbortSignal => {
    const { cancellation } = context;
    return 'signal' in cancellation && cancellation.signal instanceof AbortSignal
      ? cancellation.signal
      : new AbortController().signal;
  };
  return {
    planModel: async (params, context) => (await open()).plan(params, await room(), signalOf(context)),
    fetchModel: async (params, context) => {
      const store = await open();
      return store.get(params, await room(), signalOf(context), context.report);
    },
    library: async () => describe(await open()),
    removeKept: async ({ key }) => {
      const store = await open();
      await holdings.release(key);
      await store.remove(key);
      return describe(store);
    },
  };
}
