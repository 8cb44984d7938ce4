import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from './client/client.ts';
import { pooled } from './client/pooled.ts';
import { browserAddressBar } from './state/address-bar.ts';
import { decodeImage, readImage, readPixels } from './state/intake/intake.ts';
import { PICTURE_SIZE } from './state/models.ts';
import { browserNotebook } from './state/notebook.ts';
import { createVitrine } from './state/vitrine.ts';
import { App } from './ui/app.tsx';
import { VitrineProvider } from './ui/context.ts';
import { Boundary } from './ui/shell/boundary.tsx';
import './ui/page.css';

const boot = { bootTimeoutMs: 60_000 };

/** For long dissections, one a core. The bundler wants a worker's options written out: the name is SINGLE_THREADED. */
const cores = Math.min(4, navigator.hardwareConcurrency || 1);
const connectSingle = () =>
  createClient({
    ...boot,
    spawn: () =>
      new Worker(new URL('./worker/engine.worker.ts', import.meta.url), {
        type: 'module',
        name: 'single-threaded',
      }),
  });

const client = pooled(
  createClient({
    ...boot,
    spawn: () => new Worker(new URL('./worker/engine.worker.ts', import.meta.url), { type: 'module' }),
  }),
  { spawnClients: () => (cores > 1 ? Array.from({ length: cores }, connectSingle) : []) },
);

const vitrine = createVitrine({
  runner: client,
  bar: browserAddressBar(window),
  notebook: browserNotebook(window),
  intake: {
    encode: async (file, side, characters) => (await readImage(file, side, characters)).encoded,
    picture: (file, side = PICTURE_SIZE) => readPixels(file, side),
    decode: decodeImage,
  },
});
vitrine.open();

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <VitrineProvider value={vitrine}>
      <Boundary>
        <App />
      </Boundary>
    </VitrineProvider>
  </StrictMode>,
);
