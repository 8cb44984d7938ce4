import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { anyOf, fingerprint, finished, link } from './support/page.ts';
import { picture } from './support/pictures.ts';
import { save } from './support/saving.ts';

const words = en.neurons;

function table(page: Page) {
  return page.getByRole('grid', { name: words.table });
}

test('searching "wheel" finds its units; one’s own picture says which units fire where', async ({ page }) => {
  await page.goto(
    link('neurons', { model: 'scene-clip-rn', site: 'vision.layer4.1.relu', scenes: 64, run: 1 }),
  );
  await finished(page, 'neurons');
  await page.getByLabel(words.filter).fill('wheel');
  const rows = table(page).getByRole('row').filter({ hasText: 'wheel' });
  await expect(rows.first()).toBeVisible();
  await expect(table(page).getByRole('row').filter({ hasNotText: 'wheel' })).toHaveCount(1); // its head

  await page.getByRole('tab', { name: words.panel_picture }).click();
  await page
    .getByLabel(words.pictureUpload)
    .setInputFiles({ ...(await picture(page, 'halves', 'image/png')) });
  await expect(page).toHaveURL(/image=upload/);
  const units = page.getByRole('region', { name: words.pictureUnits });
  await expect(units.getByText(anyOf(words.pictureFires, 'count', 'total'))).toBeVisible();
  const map = page.getByRole('application', { name: words.pictureImage });
  const whole = await fingerprint(map);
  await units
    .getByRole('button', { name: /^Unit \d+/ })
    .first()
    .click();
  const own = page.getByRole('application', { name: anyOf(words.pictureOf, 'unit') }).first();
  expect(await fingerprint(own)).not.toBe(whole);
  for (const kind of ['SVG', 'CSV'] as const) {
    const { name } = await save(page, kind, units);
    expect(name).toContain('units_upload');
  }
});

test('units are painted into a drawing under a brush', async ({ page }) => {
  await page.goto(
    link('neurons', {
      ...{ model: 'scene-diffusion', site: 'unet.mid.conv.2.post', scenes: 16, run: 1, panel: 'paint' },
    }),
  );
  const start = page.getByRole('button', { name: words.paintStart, exact: true });
  await expect(start).toBeVisible();
  const brush = page.getByRole('application', { name: en.steer.paintGrid });
  await brush.focus();
  await page.keyboard.press(' ');
  await expect(page).toHaveURL(/region=/);
  await start.click();
  const after = page.getByRole('img', { name: words.paintAfter });
  await expect(after).toBeVisible({ timeout: 150_000 });
  const before = page.getByRole('img', { name: words.paintBefore });
  expect(await fingerprint(after)).not.toBe(await fingerprint(before));
  // The matched sets take their time; both pictures are there already.
  await page.getByRole('button', { name: en.run.cancel }).click();
  await expect(start).toBeEnabled();
});
