import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { alert, attention, chip, exhibit, fingerprint, finished, heatOf, link } from './support/page.ts';
import { expectColour, picture } from './support/pictures.ts';

/** The link as a visitor hands it on. */
async function copied(page: Page, context: BrowserContext): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: en.page.copyLink }).click();
  await expect(page.getByText(en.page.copied).first()).toBeAttached();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text.length).toBeLessThan(8000);
  return text;
}

test('a copied link gives a fresh profile the same view and the same picture', async ({
  browser,
  page,
  context,
}) => {
  await page.goto(
    attention({
      ...{ prompt: 'a blue boat at sea at sunset', seed: 4_000_000_000, guidance: 2.5, words: 'blue,boat' },
      ...{ special: 1, layer: 'mean', head: 1, step: 2, opacity: 65, colours: 'viridis' },
    }),
  );
  await finished(page);
  const prints = await Promise.all([0, 1].map((index) => fingerprint(exhibit(page).nth(index))));
  const address = await copied(page, context);

  const fresh = await browser.newContext();
  const other = await fresh.newPage();
  await other.goto(address);
  await finished(other);
  expect(await Promise.all([0, 1].map((index) => fingerprint(exhibit(other).nth(index))))).toEqual(prints);
  await expect(chip(other, 'blue')).toHaveAttribute('aria-pressed', 'true');
  await expect(chip(other, 'boat')).toHaveAttribute('aria-pressed', 'true');
  await expect(other.getByLabel(en.attention.head, { exact: true })).toHaveValue('1');
  await expect(other.getByLabel(en.attention.step, { exact: true })).toHaveValue('2');
  await expect(other.getByLabel(en.attention.colours)).toHaveValue('viridis');
  await expect(other.getByLabel(en.attention.special)).toBeChecked();
  await expect(other.getByLabel(en.attention.opacity)).toHaveValue('65');
  await expect(other.getByRole('alert')).toHaveCount(0);
  await fresh.close();
});

test('an uploaded picture travels in the link', async ({ browser, page, context }) => {
  await page.goto(link('concepts', { word: 'bird', layer: 1 }));
  await finished(page, 'concepts');
  await page
    .getByLabel(en.concepts.upload)
    .setInputFiles({ ...(await picture(page, 'photograph', 'image/png')) });
  await expect(page).toHaveURL(/image=upload/);
  await finished(page, 'concepts');
  const print = await fingerprint(exhibit(page));
  const shares = await page.getByRole('table', { name: en.concepts.probabilities }).textContent();
  const address = await copied(page, context);

  const fresh = await browser.newContext();
  const other = await fresh.newPage();
  await other.goto(address);
  await finished(other, 'concepts');
  expect(await fingerprint(exhibit(other))).toBe(print);
  expect(await other.getByRole('table', { name: en.concepts.probabilities }).textContent()).toBe(shares);
  await expect(other.getByRole('heading', { name: en.concepts.similarityAt({ layer: 2 }) })).toBeVisible();
  await fresh.close();
});

test('back and forward go through views, words and pictures', async ({ page }) => {
  await page.goto(attention({ words: '' }));
  await finished(page);
  await chip(page, 'car').click();
  await expect(heatOf(page, 'car')).toBeVisible();
  await page.getByRole('tab', { name: en.page.concepts }).click();
  await finished(page, 'concepts');
  await page
    .getByLabel(en.concepts.upload)
    .setInputFiles({ ...(await picture(page, 'halves', 'image/png')) });
  await expect(page).toHaveURL(/image=upload/);
  await finished(page, 'concepts');
  await page.goBack();
  await expect(page).toHaveURL(/image=scene/);
  await finished(page, 'concepts');
  await page.goForward();
  await expect(page).toHaveURL(/image=upload/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('tab', { name: en.page.attention })).toHaveAttribute('aria-selected', 'true');
  await expect(heatOf(page, 'car')).toBeVisible();
  await page.goBack();
  await expect(heatOf(page, 'car')).toHaveCount(0);
  await expect(chip(page, 'car')).toHaveAttribute('aria-pressed', 'false');
});

test('a reload in mid-run starts it again, to the same picture', async ({ page }) => {
  const address = attention({ steps: 6, seed: 3, words: 'car' });
  await page.goto(address);
  await expect(page.getByRole('progressbar')).toHaveAccessibleName(/^Step [1-9]\d* of 6$/);
  await page.reload();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await finished(page);
  const print = await fingerprint(heatOf(page, 'car'));
  await page.reload();
  await finished(page);
  expect(await fingerprint(heatOf(page, 'car'))).toBe(print);
});

/** The field that the notice must name, and a fragment that somebody's hand has mangled. */
const mangled = [
  ['view', 'view=attentoin'],
  ['steps', 'view=attention&steps=4.5&words=car'],
  ['steps', 'view=attention&steps=51'],
  ['seed', 'view=attention&steps=2&seed=-1'],
  ['seed', 'view=attention&steps=2&seed=4294967296'],
  ['guidance', 'view=attention&steps=2&guidance=1e3'],
  ['prompt', `view=attention&steps=2&prompt=%E0%A4%A`],
  ['prompt', `view=attention&steps=2&prompt=${'car+'.repeat(400)}`],
  ['layer', 'view=attention&steps=2&layer=%3Cscript%3Ealert(1)%3C%2Fscript%3E'],
  ['opacity', 'view=attention&steps=2&opacity='],
  ['colours', 'view=attention&steps=2&colours=rainbow'],
  ['model', 'view=attention&steps=2&model=stable-diffusion-9'],
  ['words', `view=attention&steps=2&words=${Array.from({ length: 40 }, (_, i) => `w${i}`).join(',')}`],
  ['language', 'view=attention&steps=2&language=tlh'],
  ['utm_source', 'view=attention&steps=2&utm_source=mail'],
  ['steps', 'view=attention&steps=2&steps=3'],
  ['picture', 'view=concepts&image=scene.-5'],
  ['picture', 'view=concepts&image=upload.wAAAA'],
  ['unit', 'view=neurons&unit=NaN'],
  ['scenes', 'view=neurons&scenes=1'],
] as const;

test('links mangled by hand are read as far as they go, and the field is named', async ({ page }) => {
  await page.goto(attention({ steps: 2, words: '' }));
  await finished(page);
  for (const [field, fragment] of mangled) {
    await test.step(fragment.slice(0, 70), async () => {
      await page.goto(`/#${fragment}`);
      await expect(alert(page, field).first(), fragment).toBeVisible();
      await expect(
        page.getByRole('tablist', { name: en.page.views }).getByRole('tab', { selected: true }),
      ).toHaveCount(1);
      await expect(page.getByRole('region', { name: en.page.exhibit })).toBeVisible();
    });
  }
  // After all of that the page still works, and a good link leaves no complaint.
  await page.goto(attention({ steps: 2, words: 'car' }));
  await finished(page);
  await expect(heatOf(page, 'car')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);

  await test.step('the picture of a link is damaged: another can be opened', async () => {
    await page.goto('/#view=concepts&word=&image=upload.wAAAA');
    await expect(alert(page, en.error.linkImage)).toBeVisible();
    await page
      .getByLabel(en.concepts.upload)
      .setInputFiles({ ...(await picture(page, 'halves', 'image/png')) });
    await finished(page, 'concepts');
    await expectColour(exhibit(page), [0.2, 0.5], [255, 0, 0]);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});
