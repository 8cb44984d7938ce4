import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/browser.mjs';

/** Cross-origin isolation gives the workers SharedArrayBuffer, hence WASM threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const port = Number(process.env.PORT ?? 4173);
const executablePath = findBrowser();
/** Chromium's sandbox refuses to run as root, as in most containers. */
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export default defineConfig({
  plugins: [react()],
  assetsInclude: ['**/*.onnx'],
  worker: { format: 'es' },
  // The runtime finds its .wasm next to its own file; a dependency found late reloads the page.
  optimizeDeps: { include: ['comlink', '@huggingface/tokenizers'], exclude: ['onnxruntime-web'] },
  server: { headers: isolation },
  preview: { headers: isolation, port, strictPort: true },
  build: { target: 'es2023', assetsInlineLimit: 0 },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['**/*.browser.test.*'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Found late, a dependency reloads the page in the middle of its tests.
        optimizeDeps: {
          include: [
            'vitest-browser-react',
            'react',
            'react/jsx-dev-runtime',
            'react-dom',
            'react-dom/client',
            '@tanstack/react-virtual',
            'd3-array',
            'd3-format',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.{ts,tsx}'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(executablePath ? { executablePath } : {}),
                args: [...sandbox, '--enable-unsafe-webgpu'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
