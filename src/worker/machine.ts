import { memoised } from '../jobs/memoised.ts';
import { SINGLE_THREADED } from '../protocol/engine.ts';
import { findAdapter } from './adapter.ts';
import { withBeside } from './beside-source.ts';
import { browserNet } from './library/browser-net.ts';
import { createLibrary, type LibraryStore } from './library/library.ts';
import { opfsVault } from './library/opfs-vault.ts';
import { memoryVault } from './library/vault.ts';
import type { ModelIndex } from './model-index.ts';
import { builtSources, firstOf } from './model-source.ts';
import { createModelStore } from './model-store.ts';
import { loadOrt } from './ort.ts';
import type { Machine } from './runtime.ts';

/** More threads than this gain little on models of this size, and the page needs a core for itself. */
const maxThreads = 4;

/** URLs of all shipped files by their path from the root; the build gives each a name with its hash. */
const urls = import.meta.glob<string>(['/models/scene-*/**/*.{onnx,json}', '!/models/scene-oracle/**'], {
  query: '?url',
  import: 'default',
  eager: true,
});

const indices = import.meta.glob<ModelIndex>('/models/index.json', { import: 'default', eager: true });

/** The browser that this worker runs in. */
export function browserMachine(): Machine {
  const isolated = globalThis.crossOriginIsolated === true;
  const alone = globalThis.name !== SINGLE_THREADED;
  const threads = isolated && alone ? Math.min(navigator.hardwareConcurrency || 1, maxThreads) : 1;
  const prefix = '/models/';
  const libraries = new Map<'library', Promise<LibraryStore>>();
  const library = () =>
    memoised(libraries, 'library', async () => {
      const vault = (await opfsVault(navigator.storage)) ?? memoryVault();
      return createLibrary(vault, browserNet(), () => performance.now());
    });
  const index = indices[`${prefix}index.json`] ?? { models: [] };
  return {
    store: createModelStore(
      withBeside(
        firstOf(
          builtSources(
            index,
            Object.fromEntries(Object.entries(urls).map(([path, url]) => [path.slice(prefix.length), url])),
          ),
          async (id) => (await library()).find(id),
        ),
      ),
    ),
    library,
    threads,
    isolated,
    findAdapter,
    memoryBytes: memoryBytes(),
    loadBackend: (device) => loadOrt(device, threads),
    async buildTokenizer(json, config) {
      const { buildTokenizer } = await import('../jobs/tokenizer.ts');
      return buildTokenizer(json, config);
    },
  };
}

/** Chromium tells it in gibibytes, rounded to a power of two; counted as gigabytes, to be on the safe side. */
function memoryBytes(): number | undefined {
  const { deviceMemory } = navigator as { readonly deviceMemory?: number };
  return deviceMemory === undefined ? undefined : deviceMemory * 1e9;
}
