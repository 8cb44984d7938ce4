import { expect, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import {
  beforeWorker,
  flipByte,
  loseFile,
  model,
  NO_MEMORY,
  WORKER,
  withoutIsolation,
} from './support/faults.ts';
import {
  alert,
  anyOf,
  attention,
  chip,
  exhibit,
  fingerprint,
  finished,
  heatOf,
  link,
} from './support/page.ts';

test('a model file with a flipped byte is refused by name; other models work, and a repaired file too', async ({
  page,
}) => {
  const repair = await flipByte(page, 'unet');
  await page.goto(attention());
  const message = anyOf(en.error.modelCorrupt, 'file');
  const goesIn = page.getByRole('region', { name: en.page.goesIn });
  await expect(goesIn.getByRole('alert').filter({ hasText: message })).toContainText(/unet\.onnx/);
  await expect(page.getByRole('application')).toHaveCount(0);

  await page.getByRole('tab', { name: en.page.concepts }).click();
  await finished(page, 'concepts');
  await expect(page.getByRole('alert')).toHaveCount(0);

  await repair();
  await page.getByRole('tab', { name: en.page.attention }).click();
  await finished(page);
  await expect(heatOf(page, 'car')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a model file that is not there is named; the rest works, and so does trying again', async ({
  page,
}) => {
  const repair = await loseFile(page, model('vision_model'));
  await page.goto(link('concepts'));
  const message = page.getByRole('alert').filter({ hasText: /vision_model|scene-clip-vit/ });
  await expect(message).toBeVisible();
  await page.goto(attention());
  await finished(page);
  await expect(chip(page, 'car')).toBeVisible();
  await repair();
  await page.getByRole('tab', { name: en.page.concepts }).click();
  await finished(page, 'concepts');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a worker script that is not there is said, and a restart brings the page to life', async ({ page }) => {
  const repair = await loseFile(page, WORKER);
  await page.goto(attention());
  await expect(alert(page, en.error.workerMissing).first()).toBeVisible();
  await repair();
  await page.getByRole('button', { name: en.status.restart }).first().click();
  await finished(page);
  await expect(heatOf(page, 'car')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('without memory the page says so, and a restart helps once there is some', async ({ page }) => {
  const repair = await beforeWorker(page, NO_MEMORY);
  await page.goto(attention());
  const message = alert(page, en.error.memory).first();
  await expect(message).toBeVisible();
  await repair();
  await message.getByRole('button', { name: en.status.restart }).click();
  await finished(page);
  await expect(heatOf(page, 'car')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('without WebGPU the switch says why it cannot be pressed', async ({ page }) => {
  await page.goto(attention());
  const webgpu = page.getByRole('radio', { name: en.status.webgpu });
  await expect(page.getByRole('radio', { name: en.status.wasm })).toBeChecked();
  await expect(webgpu).toBeDisabled();
  await expect(page.getByText(en.status.noWebgpu)).toBeVisible();
});

test('without cross-origin isolation one thread computes, says so, and finds the same', async ({
  browser,
  page,
}) => {
  await page.goto(attention());
  await finished(page);
  await expect(page.getByText(en.status.isolated, { exact: true })).toBeVisible();
  const print = await fingerprint(heatOf(page, 'car'));

  const context = await browser.newContext();
  const bare = await context.newPage();
  await withoutIsolation(bare);
  await bare.goto(attention());
  expect(await bare.evaluate(() => crossOriginIsolated)).toBe(false);
  await finished(bare);
  await expect(bare.getByText(en.status.threads({ count: 1 }), { exact: true })).toBeVisible();
  await expect(bare.getByText(en.status.notIsolatedWhy)).toBeVisible();
  expect(await fingerprint(heatOf(bare, 'car'))).toBe(print);
  await context.close();
});

test('offline after loading: what is there works on, and what is missing says so', async ({
  page,
  context,
}) => {
  await page.goto(attention());
  await finished(page);
  await page.getByRole('tab', { name: en.page.concepts }).click();
  await finished(page, 'concepts');
  await page.getByRole('tab', { name: en.page.attention }).click();
  await finished(page);
  await context.setOffline(true);

  const before = await fingerprint(exhibit(page));
  await page.getByLabel(en.attention.prompt, { exact: true }).fill('a blue boat at sea');
  await page.getByRole('button', { name: en.run.generate, exact: true }).click();
  await expect(chip(page, 'boat')).toBeVisible();
  await finished(page);
  await chip(page, 'boat').click();
  expect(await fingerprint(heatOf(page, 'boat'))).not.toBe(before);
  await page.getByRole('tab', { name: en.page.neurons }).click();
  await page.getByLabel(en.neurons.scenes, { exact: true }).fill('16');
  await page.getByRole('button', { name: en.neurons.dissect, exact: true }).click();
  await finished(page, 'neurons');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a connection that breaks while a model is fetched is said, and trying again helps', async ({
  page,
}) => {
  await page.route(model('unet'), (route) => route.abort('connectionreset'));
  await page.goto(attention());
  const message = alert(page, en.error.network);
  await expect(message).toBeVisible();
  await page.unroute(model('unet'));
  await message.getByRole('button', { name: en.run.again }).click();
  await finished(page);
  await expect(heatOf(page, 'car')).toBeVisible();
});
