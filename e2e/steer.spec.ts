import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { anyOf, attention, exhibit, fingerprint } from './support/page.ts';
import { handOver } from './support/pictures.ts';
import { save } from './support/saving.ts';

const { steer } = en;
const inside = (page: Page) => page.getByRole('region', { name: en.page.isInside });
const word = (page: Page, text: string) =>
  page
    .getByRole('list', { name: en.attention.words })
    .getByRole('button', { name: new RegExp(`^${text}\\b`) });
const account = (page: Page) => page.getByRole('definition');

/** The pictures of both sides. */
async function pair(page: Page): Promise<readonly [string, string]> {
  return [await fingerprint(exhibit(page).nth(0)), await fingerprint(exhibit(page).nth(1))];
}

/** Waits until the steered picture is there and says how much it changed. */
async function drawn(page: Page): Promise<void> {
  await expect(page.getByText(anyOf(steer.changed, 'value'))).toBeVisible();
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
}

async function plain(page: Page, lit = 'red'): Promise<string> {
  await page.goto(attention({ mode: 'steer', words: lit }));
  await expect(page.getByText(steer.pairHint)).toBeVisible();
  await expect(exhibit(page)).toHaveCount(2);
  const [left, right] = await pair(page);
  expect(right).toBe(left);
  return left;
}

test('a word is replaced, reweighted, undone, and handed on', async ({ page, browser }) => {
  const before = await plain(page);

  await test.step('replace: the left picture stays, the right one changes, and the account says where', async () => {
    await page.getByLabel(steer.instead, { exact: true }).selectOption('blue');
    await drawn(page);
    const [left, right] = await pair(page);
    expect(left).toBe(before);
    expect(right).not.toBe(before);
    await expect(word(page, 'blue')).toHaveAttribute('data-changed', 'true');
    await expect(page).toHaveURL(/edit=pa\+blue\+car/);
    await page.getByText(steer.account, { exact: true }).click();
    await expect(page.getByText(steer.account_maps)).toBeVisible();
    // 80% of four steps.
    await expect(account(page).filter({ hasText: /^7 layers, steps 1–4$/ })).toBeVisible();
    await expect(account(page).filter({ hasText: /^3 layers/ })).toHaveCount(0);
    await expect(page.getByText(steer.account_self)).toBeVisible();
  });
  const [, replaced] = await pair(page);

  await test.step('reweight: a slider changes the word’s map, and the chip says by how much', async () => {
    await word(page, 'car').click();
    const slider = page.getByLabel(steer.weight);
    await slider.fill('3');
    await expect(word(page, 'car')).toContainText('× 3');
    await expect(page).toHaveURL(/w2(\*|%2A)3/);
    await expect.poll(async () => (await pair(page))[1]).not.toBe(replaced);
    await drawn(page);
    await expect(page.getByText(steer.account_weights)).toBeVisible();
  });
  const [, reweighted] = await pair(page);

  await test.step('undo and redo bring back the very pictures; the strip holds all of them', async () => {
    await page.getByRole('button', { name: steer.undo, exact: true }).click();
    await expect.poll(async () => (await pair(page))[1]).toBe(replaced);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(async () => (await pair(page))[1]).toBe(reweighted);
    const strip = page.getByRole('region', { name: steer.history }).getByRole('listitem');
    await expect(strip).toHaveCount(3);
    await strip.first().getByRole('button').click();
    await expect.poll(async () => (await pair(page))[1]).toBe(before);
    await page.goBack();
    await expect.poll(async () => (await pair(page))[1]).toBe(reweighted);
  });

  await test.step('heat on both sides, on one scale, with its difference and tables', async () => {
    await page.getByLabel(steer.heat).check();
    const [left, right] = await pair(page);
    expect(left).not.toBe(before);
    expect(right).not.toBe(reweighted);
    await page.getByLabel(steer.difference).check();
    await expect(page.getByRole('application', { name: steer.differenceLegend })).toBeVisible();
    await expect(page.getByText(`${steer.target}: ${en.attention.table}`)).toBeVisible();
    await page.getByLabel(steer.difference).uncheck();
    await page.getByLabel(steer.heat).uncheck();
  });

  await test.step('an earlier edit is kept on the left', async () => {
    await page.getByRole('button', { name: steer.undo, exact: true }).click();
    await expect.poll(async () => (await pair(page))[1]).toBe(replaced);
    await page.getByRole('button', { name: steer.pin }).click();
    await expect(page.getByText(steer.pinned, { exact: true })).toBeVisible();
    await page.getByRole('button', { name: steer.redo, exact: true }).click();
    await expect.poll(() => pair(page)).toEqual([replaced, reweighted]);
    await expect(page).toHaveURL(/against=/);
  });

  await test.step('the address opens the same pair elsewhere', async () => {
    const other = await (await browser.newContext()).newPage();
    await other.goto(page.url());
    await expect.poll(() => pair(other)).toEqual([replaced, reweighted]);
    await expect(word(other, 'car')).toContainText('× 3');
    await other.context().close();
  });

  await test.step('a saved picture opens as the same session', async () => {
    await page.getByRole('button', { name: steer.unpin }).click();
    const { path, name } = await save(page, 'PNG');
    const json = JSON.parse(await readFile((await save(page, 'JSON')).path, 'utf8'));
    expect(json.settings).toMatchObject({ kind: 'steering', recipe: 'prompt-to-prompt' });
    expect(json.data.account.map(({ what }: { readonly what: string }) => what)).toEqual([
      ...['maps', 'weights', 'self'],
    ]);
    expect(json.data.heat.maps.map(({ label }: { readonly label: string }) => label)).toEqual([
      ...['left', 'right', 'right minus left'],
    ]);
    await page.goto(attention({ prompt: 'a dog', words: '' }));
    await handOver(page, 'drop', { name, mimeType: 'image/png', buffer: await readFile(path) });
    await drawn(page);
    await expect.poll(() => pair(page)).toEqual([before, reweighted]);
  });
});

test('words are added, everywhere or in a painted part', async ({ page }) => {
  const before = await plain(page);
  await page.getByLabel(steer.add).fill('at night');
  await page.getByRole('button', { name: steer.apply, exact: true }).click();
  await drawn(page);
  const [left, everywhere] = await pair(page);
  expect(left).toBe(before);
  expect(everywhere).not.toBe(before);
  await expect(word(page, 'night')).toHaveAttribute('data-changed', 'true');
  await page.getByText(steer.account, { exact: true }).click();
  // New words keep their own maps: only the old ones' are taken over.
  await expect(
    account(page)
      .filter({ hasText: /car \(\d+\)/ })
      .first(),
  ).not.toContainText('night');

  await page.getByRole('button', { name: steer.undo, exact: true }).click();
  await page.getByLabel(steer.add).fill('at night');
  await page.getByRole('radio', { name: steer.inside }).check({ force: true });
  await paint(page, [0.1, 0.1], [0.4, 0.4]);
  await page.getByRole('button', { name: steer.apply, exact: true }).click();
  await drawn(page);
  const [, part] = await pair(page);
  expect(part).not.toBe(before);
  expect(part).not.toBe(everywhere);
  // The account went with the edit that was undone.
  await page.getByText(steer.account, { exact: true }).click();
  await expect(page.getByText(steer.account_latents)).toBeVisible();
  await expect(page).toHaveURL(/i[0-9a-f]{64}/);
});

test('a colour is read as another with the prompt unchanged, by either recipe', async ({ page }) => {
  const before = await plain(page);
  await page.getByLabel(steer.recolour).selectOption('blue');
  await drawn(page);
  const [left, all] = await pair(page);
  expect(left).toBe(before);
  expect(all).not.toBe(before);
  await expect(word(page, 'red')).toContainText('→ blue');
  await page.getByText(steer.account, { exact: true }).click();
  await expect(page.getByText(steer.account_values({ recipe: 'B' }))).toBeVisible();
  await page.getByRole('radio', { name: steer.recipeA }).check({ force: true });
  await expect(page.getByText(steer.account_values({ recipe: 'A' }))).toBeVisible();
  await drawn(page);
  const [, one] = await pair(page);
  expect(one).not.toBe(all);
  expect(one).not.toBe(before);
  await expect(page).toHaveURL(/r1(\*|%2A)A(\*|%2A)blue/);
});

test('a word is pushed to a painted place, by mouse and by keys', async ({ page }) => {
  const before = await plain(page, 'car');
  await page.getByRole('button', { name: steer.paint }).click();
  const field = page.getByRole('application', { name: steer.paintGrid });
  const finish = page.getByRole('button', { name: steer.paintDone });
  await expect(finish).toBeDisabled();
  await paint(page, [0.05, 0.4], [0.35, 0.7]);
  const cells = field.locator('[data-on="true"]');
  const painted = await cells.count();
  expect(painted).toBeGreaterThan(3);
  await field.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await expect(cells).toHaveCount(painted + 1);
  await finish.click();
  await drawn(page);
  const [left, right] = await pair(page);
  expect(left).toBe(before);
  expect(right).not.toBe(before);
  await page.getByText(steer.account, { exact: true }).click();
  await expect(page.getByText(steer.account_scores)).toBeVisible();
  await expect(inside(page)).toContainText(/a \(\d+\).*red \(\d+\).*car \(\d+\)/);
});

/** Drags over the field of cells, from and to as shares of its sides. */
async function paint(page: Page, from: readonly number[], to: readonly number[]): Promise<void> {
  const field = page.getByRole('application', { name: steer.paintGrid });
  await field.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await field.boundingBox())!;
  const at = ([left, top]: readonly number[]) => [x + left! * width, y + top! * height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 8 });
  await page.mouse.up();
}
