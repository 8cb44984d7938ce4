import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { exhibit, fingerprint } from './support/page.ts';

const words = en.ask;
const index: { readonly models: readonly { readonly id: string; readonly family: string }[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../models/index.json'), 'utf8'),
);
const models = index.models.filter(({ family }) => family === 'generative').map(({ id }) => id);

function link(fields: Readonly<Record<string, string | number>> = {}): string {
  const parameters = new URLSearchParams({ view: 'ask' });
  for (const [name, value] of Object.entries(fields)) parameters.set(name, String(value));
  return `/#${parameters}`;
}

function answer(page: Page) {
  return page.getByRole('region', { name: words.answer, exact: true }).getByRole('button');
}

async function answered(page: Page): Promise<void> {
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible();
  await expect(answer(page).first()).toBeEnabled();
}

test('without a model that answers, the view says so', async ({ page }) => {
  test.skip(models.length > 0, 'a generative model ships');
  await page.goto(link());
  await expect(page.getByText(words.noModel)).toBeVisible();
});

test.describe('with a model', () => {
  test.skip(models.length === 0, 'no generative model ships yet');

  test('an answer stands there at once with its heat; a word, a patch and a head are clicked', async ({
    page,
  }) => {
    await page.goto(link());
    await answered(page);
    await expect(page.getByText(words.answerHint)).toBeVisible();
    const table = page.getByRole('table', { name: words.heads });
    await expect(table.getByRole('button').first()).toBeVisible();
    const plain = await fingerprint(exhibit(page));

    await test.step('a head', async () => {
      await table.getByRole('button').nth(1).click();
      await expect(page).toHaveURL(/head=0.*|layer=\d/);
      await expect.poll(() => fingerprint(exhibit(page))).not.toBe(plain);
    });

    await test.step('every method gives a heat with a table', async () => {
      for (const method of ['attention', 'rollout', 'attribution', 'ablation'] as const) {
        await page.getByLabel(words.method).selectOption({ label: words[`method_${method}`] });
        await expect(page.getByText(words[`hint_${method}`])).toBeVisible();
        await expect(page.getByText(words.table)).toBeVisible();
      }
    });

    await test.step('a patch', async () => {
      await exhibit(page).click({ position: { x: 40, y: 40 } });
      await expect(
        page.getByRole('heading', { name: words.patchWords({ row: 1, column: 1 }) }),
      ).toBeVisible();
      await expect(page).toHaveURL(/patch=0/);
    });
  });

  test('a forced prefix stands in the answer', async ({ page }) => {
    await page.goto(link({ prefix: 'the color is' }));
    await answered(page);
    await expect(answer(page).nth(0)).toContainText('the');
    await expect(answer(page).nth(2)).toContainText('is');
  });

  test('parts are taken away and the answers stand side by side', async ({ page }) => {
    await page.goto(link({ part: 'change', cut: 'all' }));
    await expect(page.getByRole('region', { name: words.before, exact: true })).toBeVisible();
    await expect(page.getByRole('region', { name: words.after, exact: true })).toBeVisible();
    await expect(page.getByText(words.same).or(page.getByText(words.differs))).toBeVisible();
    await page.getByRole('button', { name: words.reset }).click();
    await expect(page.getByText(words.nothingTaken)).toBeVisible();
  });

  for (const model of models) {
    test(`through the bridge of ${model}`, async ({ page }) => {
      await page.goto(link({ part: 'bridge', model }));
      await expect(page.getByRole('region', { name: words.softToken({ number: 1 }) })).toBeVisible();
      await expect(page.getByText(words.nearest).first()).toBeVisible();
    });
  }
});
