import type { Page } from '@playwright/test';

/** The engine's script. */
export const WORKER = /\/assets\/engine\.worker-[\w-]+\.js$/;

/** A model file by its name; the build adds a hash. */
export function model(name: string): RegExp {
  return new RegExp(`/assets/${name}-[\\w-]+\\.onnx$`);
}

/** Serves a model file with one bit turned in its middle, as a failing disk would. Returns the repair. */
export async function flipByte(page: Page, name: string): Promise<() => Promise<void>> {
  await page.route(model(name), async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const middle = body.length >> 1;
    body[middle] = body[middle]! ^ 1;
    await route.fulfill({ response, body });
  });
  return () => page.unroute(model(name));
}

export async function loseFile(page: Page, pattern: RegExp): Promise<() => Promise<void>> {
  await page.route(pattern, (route) => route.fulfill({ status: 404, body: 'not found' }));
  return () => page.unroute(pattern);
}

/** The page as a static host without our headers would send it: those of the document decide. */
export async function withoutIsolation(page: Page): Promise<void> {
  await page.route(
    ({ pathname }) => pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const headers = Object.fromEntries(
        Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin-')),
      );
      await route.fulfill({ response, headers });
    },
  );
}

/** Runs a piece of code in the engine's thread before anything else of it. Returns the repair, for workers that start later. */
export async function beforeWorker(page: Page, code: string): Promise<() => Promise<void>> {
  await page.route(WORKER, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
  return () => page.unroute(WORKER);
}

/** No heap of WASM is given any more, as on a machine whose memory is taken. */
export const NO_MEMORY = `WebAssembly.Memory = function () {
  throw new RangeError('WebAssembly.Memory(): could not allocate memory');
}`;
