import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { type HubServer, startHub } from './support/hub-server.ts';
import { anyOf, attention, exhibit, fingerprint, link } from './support/page.ts';
import { handOver } from './support/pictures.ts';
import { save } from './support/saving.ts';
import { shippedFiles } from './support/shipped.ts';

test.describe.configure({ timeout: 300_000 });

const { steer } = en;
const other = 'owner/euler-diffusion';
const FOLDER: Readonly<Record<string, string>> = { '.onnx': 'onnx/', '.json': '' };
let hub: HubServer;

/** The page's own model as a hub would have it, but sampled by Euler's method. */
test.beforeAll(async () => {
  hub = await startHub();
  const contents = Object.fromEntries(
    Array.from(shippedFiles('scene-diffusion'), ([role, file]) => [
      role === 'scheduler_config'
        ? 'scheduler/scheduler_config.json'
        : `${FOLDER[extname(file)]}${role}${extname(file)}`,
      new Uint8Array(readFileSync(file)),
    ]),
  );
  const scheduler = JSON.parse(new TextDecoder().decode(contents['scheduler/scheduler_config.json']));
  const euler = JSON.stringify({ ...scheduler, _class_name: 'EulerDiscreteScheduler' });
  hub.put(other, { ...contents, 'scheduler/scheduler_config.json': new TextEncoder().encode(euler) });
});
test.afterAll(() => hub.close());

async function pair(page: Page): Promise<readonly [string, string]> {
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 150_000 });
  return [await fingerprint(exhibit(page).nth(0)), await fingerprint(exhibit(page).nth(1))];
}

test('two seeds, then two prompts: one cursor, their difference, and files that open again', async ({
  page,
}) => {
  await page.goto(
    attention({ mode: 'compare', words: 'car', otherPrompt: 'a red car on a green lawn', otherSeed: 8 }),
  );
  const [left, right] = await pair(page);
  expect(right).not.toBe(left);

  await test.step('the cursor reads both at one place', async () => {
    const box = (await exhibit(page).first().boundingBox())!;
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height);
    const readings = page
      .getByRole('figure')
      .locator('p')
      .filter({ hasText: /^0?\.\d+|^[\d.]+$/ });
    await expect(readings).toHaveCount(2);
    await page.mouse.move(0, 0);
  });

  await test.step('another prompt on the right', async () => {
    await page.getByLabel(steer.otherPrompt, { exact: true }).fill('a blue boat at sea');
    await page.getByLabel(steer.otherSeed, { exact: true }).fill('7');
    await page.getByRole('button', { name: steer.compare, exact: true }).last().click();
    await expect(page).toHaveURL(/otherPrompt=a\+blue\+boat/);
    await expect.poll(async () => (await pair(page))[1]).not.toBe(right);
    expect((await pair(page))[0]).toBe(left);
    await expect(page.getByRole('button', { name: 'boat', exact: true })).toBeVisible();
  });

  await test.step('the difference has a zero in its middle', async () => {
    await page.getByLabel(steer.difference).check();
    await expect(page.getByRole('application', { name: steer.differenceLegend })).toBeVisible();
    await page.getByLabel(steer.difference).uncheck();
  });

  await test.step('what is saved opens as the same comparison', async () => {
    const before = await pair(page);
    const csv = await readFile((await save(page, 'CSV')).path, 'utf8');
    expect(csv.split(/\r?\n/)[0]).toBe('map,row,column,probability');
    const { path, name } = await save(page, 'PNG');
    await page.goto(attention({ prompt: 'a dog', words: '' }));
    await handOver(page, 'drop', { name, mimeType: 'image/png', buffer: await readFile(path) });
    await expect(page).toHaveURL(/mode=compare/);
    await expect.poll(() => pair(page)).toEqual(before);
  });
});

test('two models: the same prompt and seed, drawn by each', async ({ page }) => {
  const words = en.models;
  await page.goto(link('models'));
  await page.getByText(words.settings, { exact: true }).click();
  await page.getByLabel(words.mirror, { exact: true }).fill(hub.base);
  await page.getByLabel(words.place, { exact: true }).fill(other);
  await page.getByRole('button', { name: words.ask, exact: true }).first().click();
  const card = page.getByRole('region', { name: words.price });
  await card.getByRole('button', { name: words.open }).click();
  await expect(card.getByText(anyOf(words.opened, 'title'))).toBeVisible();

  const prompt = 'a red car on a green lawn';
  await page.goto(
    attention({ mode: 'compare', words: '', prompt, seed: 7, otherPrompt: prompt, otherSeed: 7 }),
  );
  // Bare pictures: a lit word's scale would follow what stands on the other side.
  const [left, same] = await pair(page);
  expect(same).toBe(left);
  await page.getByLabel(steer.otherModel).selectOption(other);
  await page.getByRole('button', { name: steer.compare, exact: true }).last().click();
  await expect(page).toHaveURL(/otherModel=owner%2Feuler-diffusion/);
  await expect.poll(async () => (await pair(page))[1]).not.toBe(left);
  expect((await pair(page))[0]).toBe(left);
  await page.getByLabel(steer.difference).check();
  await expect(page.getByRole('application', { name: steer.differenceLegend })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
