import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { anyOf, fingerprint, finished, link } from './support/page.ts';
import { save } from './support/saving.ts';

const words = en.neurons;
const site = 'vision.blocks.3.mlp.post';
const count = anyOf(words.count, 'shown', 'total', 'detectors');

function table(page: Page) {
  return page.getByRole('grid', { name: words.table });
}

/** Texts of one column, of the rows in view. */
async function column(page: Page, index: number): Promise<readonly string[]> {
  return table(page)
    .getByRole('row')
    .evaluateAll(
      (rows, at) =>
        rows
          .toSorted((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
          .slice(1)
          .map((row) => row.querySelectorAll('[role=gridcell]')[at]?.textContent ?? ''),
      index,
    );
}

test('a layer is dissected: progress, table, sorting, filtering, a unit with its scenes', async ({
  page,
}) => {
  await page.goto(link('neurons', { scenes: 64 }));
  await expect(page.getByText(words.start)).toBeVisible();
  const layer = page.getByLabel(words.layer, { exact: true });
  await expect(layer.locator('option')).not.toHaveCount(0);
  await layer.selectOption(site);
  await page.getByRole('button', { name: words.dissect, exact: true }).click();

  await test.step('progress tells the pass and the scenes', async () => {
    await expect(page.getByRole('progressbar')).toHaveAccessibleName(/\d+ of \d+$/);
    await finished(page, 'neurons');
    await expect(page.getByText(words.fromSeed({ scenes: 64, seed: 1 }))).toBeVisible();
  });

  const units = Number(/of (\d+) units/.exec((await page.getByText(count).textContent()) ?? '')?.[1]);
  expect(units).toBeGreaterThan(100);

  await test.step('it starts with the best detectors, and only rows in view exist', async () => {
    const iou = (await column(page, 3)).map(Number);
    expect(iou).toEqual(iou.toSorted((a, b) => b - a));
    expect(iou.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(await table(page).getByRole('row').count()).toBeLessThan(units / 2);
    await expect(table(page)).toHaveAttribute('aria-rowcount', String(units + 1));
  });

  await test.step('sorting by another column', async () => {
    const head = table(page).getByRole('columnheader', { name: words.unit });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(async () => Number((await column(page, 0))[0])).toBe(units - 1);
    await head.getByRole('button').click();
    await expect.poll(async () => (await column(page, 0)).slice(0, 3)).toEqual(['0', '1', '2']);
    await table(page).getByRole('columnheader', { name: words.iou }).getByRole('button').click();
  });

  await test.step('filtering by concept, category and detectors', async () => {
    const concept = (await column(page, 1))[0]!;
    await page.getByLabel(words.filter).fill(concept);
    await expect
      .poll(async () =>
        (await column(page, 1)).concat(await column(page, 6)).some((text) => text.includes(concept)),
      )
      .toBe(true);
    const shown = async () =>
      Number(/^(\d+) of/.exec((await page.getByText(count).textContent()) ?? '')?.[1]);
    await expect.poll(shown).toBeLessThan(units);
    await page.getByLabel(words.filter).fill('no such concept');
    await expect(page.getByText(words.none)).toBeVisible();
    await page.getByLabel(words.filter).fill('');
    await page.getByLabel(words.category, { exact: true }).selectOption('part');
    await expect.poll(async () => new Set(await column(page, 2))).toEqual(new Set([words.category_part]));
    await page.getByLabel(words.category, { exact: true }).selectOption('all');
    await page.getByLabel(words.detectorsOnly).check();
    await expect.poll(async () => (await column(page, 3)).every((text) => Number(text) >= 0.04)).toBe(true);
    expect(await shown()).toBeLessThan(units);
  });

  await test.step('a row opens the unit with its strongest scenes', async () => {
    const unit = Number((await column(page, 0))[0]);
    await table(page).getByRole('row').nth(1).click();
    const opened = page.getByRole('region', { name: words.unitTitle({ unit }) });
    await expect(opened.getByRole('application')).toHaveCount(9);
    await expect(opened.getByText(words.legend, { exact: true })).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`unit=${unit}\\b`));
    const peaks = await opened.locator('figcaption').allTextContents();
    const values = peaks.flatMap((text) => /peak (-?[\d.]+)$/.exec(text)?.slice(1).map(Number) ?? []);
    expect(values).toHaveLength(9);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    // Keys walk through the table as well.
    await table(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(opened).toHaveCount(0);
    await expect(page.getByRole('region', { name: /^Unit \d+$/ }).getByRole('application')).toHaveCount(9);
    await page.getByRole('button', { name: en.page.close }).click();
    await expect(page.getByText(words.pickRow)).toBeVisible();
  });

  await test.step('the whole table can be saved', async () => {
    const csv = (await readFile((await save(page, 'CSV')).path, 'utf8')).trim().split(/\r?\n/);
    expect(csv).toHaveLength(units + 1);
    const json = JSON.parse(await readFile((await save(page, 'JSON')).path, 'utf8'));
    expect(json.data.rows).toHaveLength(units);
    expect(json.settings.parameters).toMatchObject({ site, scenes: 64, seed: 1 });
  });
});

test('a link opens the unit; stopping a dissection stops it and keeps the table', async ({ page }) => {
  await page.goto(link('neurons', { site, scenes: 16, seed: 3, run: 1, unit: 5 }));
  const opened = page.getByRole('region', { name: words.unitTitle({ unit: 5 }) });
  await expect(opened.getByRole('application').or(opened.getByText(words.unitDead)).first()).toBeVisible();
  await finished(page, 'neurons');
  const before = await column(page, 0);
  const print = await fingerprint(opened.getByRole('application').first());

  await page.getByLabel(words.scenes, { exact: true }).fill('2000');
  await page.getByRole('button', { name: words.dissect, exact: true }).click();
  await expect(page.getByRole('progressbar')).toHaveAccessibleName(/[1-9]\d* of \d+$/);
  await page.getByRole('button', { name: en.run.cancel, exact: true }).click();
  const stopped = Date.now();
  await expect(page.getByText(en.run.stoppedKept)).toBeVisible();
  expect(await column(page, 0)).toEqual(before);
  // The queue is free at once.
  await page.getByLabel(words.scenes, { exact: true }).fill('24');
  await page.getByRole('button', { name: words.dissect, exact: true }).click();
  await expect(page.getByText(words.fromSeed({ scenes: 24, seed: 3 }))).toBeVisible();
  console.log(`dissected 24 scenes ${Date.now() - stopped} ms after stopping 2000`);

  await page.goBack();
  await page.goBack();
  await expect(page.getByText(words.fromSeed({ scenes: 16, seed: 3 }))).toBeVisible();
  expect(await fingerprint(opened.getByRole('application').first())).toBe(print);
});
