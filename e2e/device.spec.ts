import { expect, test } from '@playwright/test';
import { findBrowser } from '../scripts/browser.mjs';
import { en } from '../src/text/en.ts';
import { loseGpu } from '../src/worker/test-support/lose-gpu.ts';
import { beforeWorker } from './support/faults.ts';
import { attention, chip, fingerprint, finished, heatOf } from './support/page.ts';

const executablePath = findBrowser();
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Gives headless Chromium an adapter in software. */
test.use({
  launchOptions: {
    ...(executablePath ? { executablePath } : {}),
    args: [...sandbox, '--enable-unsafe-webgpu'],
  },
});
test.setTimeout(300_000);

test('the GPU is lost while it draws: the picture is drawn on WASM, and the page says so', async ({
  page,
}) => {
  await beforeWorker(page, `(${loseGpu.toString()})(40)`);
  await page.goto(attention());
  await finished(page);
  const print = await fingerprint(heatOf(page, 'car'));
  const webgpu = page.getByRole('radio', { name: en.status.webgpu });
  await expect(webgpu).toBeEnabled();
  await expect(page.getByText(en.status.softwareWebgpu)).toBeVisible();

  // The GPU may be lost, and the choice be back on WASM, before the click could be seen to have held.
  await webgpu.click({ force: true });
  await expect(page.getByText(en.runtime.fallback_lost)).toBeVisible({ timeout: 200_000 });
  await expect(page.getByRole('radio', { name: en.status.wasm })).toBeChecked();
  await finished(page);
  await expect(chip(page, 'car')).toBeVisible();
  expect(await fingerprint(heatOf(page, 'car'))).toBe(print);
  await expect(page.getByRole('alert')).toHaveCount(0);

  await page.getByRole('button', { name: en.page.dismiss }).click();
  await expect(page.getByText(en.runtime.fallback_lost)).toHaveCount(0);
});
