import { expect, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { finished, link } from './support/page.ts';

const site = 'vision.layer4.1.relu';
const model = 'scene-clip-rn';

test('a dissection in several workers goes on after the page is loaded again', async ({ page }) => {
  await page.goto(link('neurons', { model, site, scenes: 300, run: 1 }));
  const bar = page.getByRole('progressbar');
  await expect(bar).toHaveAccessibleName(/[1-9]\d\d of 600$/);
  await page.reload();
  await expect(page.getByText(/^Gone on from \d/)).toBeVisible();
  await finished(page, 'neurons');
  await expect(page.getByText(en.neurons.fromSeed({ scenes: 300, seed: 1 }))).toBeVisible();
});

test('units are named with words of the visitor’s, and a named unit shows its pictures', async ({ page }) => {
  const { naming, neurons } = en;
  await page.goto(link('neurons', { model, site, scenes: 32, panel: 'words' }));
  await page.getByLabel(naming.words).fill('car, tree, house, person, photosynthesis');
  await page.getByRole('button', { name: naming.run, exact: true }).click();
  const table = page.getByRole('grid', { name: naming.table });
  await expect(table).toBeVisible();
  await expect(
    page.getByText(naming.unknown({ judge: model, words: 'photosynthesis' }), { exact: false }),
  ).toBeVisible();
  await table.getByRole('row').nth(1).click();
  const opened = page.getByRole('region', { name: /^Unit \d+$/ });
  await expect(opened.getByRole('application')).toHaveCount(5);
  await expect(page).toHaveURL(/panel=words/);
  await page.getByRole('tab', { name: neurons.panel_units }).click();
});
