import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { anyOf, attention, chip, exhibit, FEW_STEPS, fingerprint, heatOf } from './support/page.ts';
import { handOver, picture } from './support/pictures.ts';
import { save } from './support/saving.ts';

const { inside } = en;

/** Waits until the inspection is done. */
async function read(page: Page): Promise<void> {
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible();
  await expect(page.getByRole('button', { name: inside.inspect, exact: true })).toBeEnabled();
}

test('each word’s place in a given picture, by noise and by inversion', async ({ page }) => {
  await page.goto(
    attention({ mode: 'picture', image: 'scene.8', prompt: 'a blue bird on the beach', words: 'bird' }),
  );
  await read(page);
  const noise = await fingerprint(heatOf(page, 'bird'));
  await expect(page.getByText(anyOf(inside.guessError, 'value'))).toBeVisible();
  await expect(page.getByRole('img', { name: inside.guess })).toBeVisible();
  // Half of the way to noise: half of the steps.
  await expect(page.getByRole('radio', { name: /^Step \d+/ })).toHaveCount(FEW_STEPS / 2);

  await test.step('more noise, other maps', async () => {
    await page.getByLabel(inside.noise).fill('100');
    await page.getByRole('button', { name: inside.inspect, exact: true }).click();
    await expect(page).toHaveURL(/noise=100/);
    await read(page);
    expect(await fingerprint(heatOf(page, 'bird'))).not.toBe(noise);
  });

  await test.step('inversion seeks the noise that leads here', async () => {
    await page.getByRole('radio', { name: inside.byInversion }).check({ force: true });
    await expect(page).toHaveURL(/by=inversion/);
    await read(page);
    expect(await fingerprint(heatOf(page, 'bird'))).not.toBe(noise);
  });

  await test.step('a word that the prompt does not have is asked for', async () => {
    await page.getByText(inside.probes, { exact: true }).first().click();
    await page.getByLabel(inside.probes, { exact: true }).fill('tree');
    await page.getByRole('button', { name: inside.addProbe, exact: true }).click();
    await read(page);
    await expect(chip(page, 'tree')).toBeVisible();
    await expect(page).toHaveURL(/probes=tree/);
  });

  await test.step('a click on the picture shows what that place looks at', async () => {
    await chip(page, 'tree').click();
    await heatOf(page, 'bird').click();
    await expect(page.getByText(anyOf(inside.placeOf, 'row', 'column')).first()).toBeVisible();
  });
});

test('an uploaded picture is read, travels in the link, and a saved one opens again', async ({
  page,
  browser,
}) => {
  await page.goto(attention({ mode: 'picture', prompt: 'a red car', words: 'car' }));
  await read(page);
  const before = await fingerprint(heatOf(page, 'car'));
  await page
    .getByLabel(en.concepts.upload)
    .setInputFiles({ ...(await picture(page, 'photograph', 'image/png')) });
  await expect(page).toHaveURL(/image=upload/);
  await read(page);
  await expect.poll(() => fingerprint(heatOf(page, 'car'))).not.toBe(before);
  const own = await fingerprint(heatOf(page, 'car'));

  const other = await (await browser.newContext()).newPage();
  await other.goto(page.url());
  await read(other);
  expect(await fingerprint(heatOf(other, 'car'))).toBe(own);
  await other.context().close();

  const { path, name } = await save(page, 'PNG');
  await page.goto(attention({ prompt: 'a dog', words: '' }));
  await handOver(page, 'drop', { name, mimeType: 'image/png', buffer: await readFile(path) });
  await expect(page).toHaveURL(/mode=picture/);
  await read(page);
  await expect.poll(() => fingerprint(heatOf(page, 'car'))).toBe(own);
  await expect(exhibit(page)).toHaveCount(1);
});
