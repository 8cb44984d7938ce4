import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/browser.mjs';

const port = Number(process.env.VITRINE_PORT ?? 4199);
const executablePath = findBrowser();
/** Chromium's sandbox refuses to run as root, as in most containers. */
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e',
  timeout: 180_000,
  expect: { timeout: 60_000 },
  // One at a time: every journey runs models on all cores.
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [...sandbox, '--disable-background-networking', '--disable-component-update'],
    },
  },
  webServer: {
    command: 'node node_modules/vite/bin/vite.js preview --logLevel warn',
    url: `http://localhost:${port}`,
    env: { PORT: String(port) },
    reuseExistingServer: false,
  },
});
