import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { zhHant } from '../src/text/zh-hant.ts';
import { attention, finished, link } from './support/page.ts';

/** Each view with as much on it as it can show. */
const views = {
  attention: attention({ words: 'red,car', special: 1 }),
  concepts: link('concepts', { word: 'bird' }),
  neurons: link('neurons', { site: 'vision.blocks.3.mlp.post', scenes: 16, run: 1, unit: 5 }),
} as const;

async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName}.${element.className}`)
      .slice(0, 10);
  });
}

for (const [view, address] of Object.entries(views) as [keyof typeof views, string][]) {
  test(`${view}: accessible in light and dark, fits 360 pixels`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(address);
    await finished(page, view);
    if (view === 'neurons')
      await expect(page.getByRole('region', { name: en.neurons.unitTitle({ unit: 5 }) })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
        );
      expect(grave, colorScheme).toEqual([]);
    }
    for (const width of [360, 768, 1440, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page), `scrolls sideways at ${width}`).toEqual([]);
    }
  });
}

test('Traditional Chinese: language of the document, texts, and the link', async ({ page }) => {
  await page.goto(attention());
  await finished(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page
    .getByRole('radio', { name: '中' })
    .or(page.getByRole('radio', { name: '繁體中文' }))
    .first()
    .check({ force: true });
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant');
  await expect(page.getByRole('tab', { name: zhHant.page.attention, exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: zhHant.run.generate, exact: true })).toBeVisible();
  await expect(page.getByText(en.attention.lead)).toHaveCount(0);
  await expect(page).toHaveTitle(new RegExp(zhHant.page.attention));
  await expect(page).toHaveURL(/language=zh-Hant/);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant');
  await page.getByRole('tab', { name: zhHant.page.neurons, exact: true }).click();
  await expect(page.getByRole('button', { name: zhHant.neurons.dissect, exact: true })).toBeVisible();
});

test('the appearance is chosen, kept in this browser, and not in the link', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(attention());
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('radio', { name: en.page.themeDark }).check({ force: true });
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await page.reload();
  await expect(page.getByRole('radio', { name: en.page.themeDark })).toBeChecked();
  expect(await ground()).toBe(dark);
  expect(page.url()).not.toContain('dark');
});
