import { expect, type Page, test } from '@playwright/test';
import { avif12x8, pngClaiming } from '../src/state/intake/test-support.ts';
import { en } from '../src/text/en.ts';
import { alert, anyOf, exhibit, fingerprint, finished, link } from './support/page.ts';
import {
  expectColour,
  handOver,
  type PictureFile,
  photographs,
  picture,
  turned,
} from './support/pictures.ts';

const words = en.concepts;
const red = [255, 0, 0] as const;
const blue = [0, 0, 255] as const;
const foreign = anyOf(en.caution.foreignImage, 'distance', 'threshold');

async function upload(page: Page, file: PictureFile | string): Promise<void> {
  await page.getByLabel(words.upload).setInputFiles(typeof file === 'string' ? file : { ...file });
}

/** Figures of the zero-shot table, in percent. */
async function shares(page: Page): Promise<readonly number[]> {
  const rows = page.getByRole('table', { name: words.probabilities }).getByRole('row');
  const texts = await rows.getByRole('cell').filter({ hasText: '%' }).allTextContents();
  return texts.map((text) => Number.parseFloat(text));
}

function word(page: Page, text: string) {
  return page.getByRole('region', { name: words.words }).getByRole('button', { name: text, exact: true });
}

test('a scene of the gallery: probabilities, layers against the null band, patches of a word', async ({
  page,
}) => {
  await page.goto(link('concepts', { word: '' }));
  await finished(page, 'concepts');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const scenes = page.getByRole('list', { name: words.gallery }).getByRole('button');
  expect(await scenes.count()).toBeGreaterThanOrEqual(12);

  await test.step('zero-shot shares add up to 100%', async () => {
    const figures = await shares(page);
    expect(figures).toHaveLength(10);
    // Each is rounded to a tenth of a percent.
    expect(Math.abs(figures.reduce((sum, figure) => sum + figure) - 100)).toBeLessThanOrEqual(0.5);
    await expect(page.getByText(words.chance({ value: '10%' }))).toBeVisible();
  });

  await test.step('another scene gives another picture and other figures', async () => {
    const before = { picture: await fingerprint(exhibit(page)), shares: await shares(page) };
    await scenes.nth(8).click();
    await expect(scenes.nth(8)).toHaveAttribute('aria-pressed', 'true');
    await expect.poll(() => fingerprint(exhibit(page))).not.toBe(before.picture);
    await finished(page, 'concepts');
    expect(await shares(page)).not.toEqual(before.shares);
  });

  await test.step('every layer stands in the matrix, and one at the right with its null band', async () => {
    const matrix = page.getByRole('table', { name: words.similarity });
    const layers = await matrix.getByRole('columnheader', { name: /^Layer \d/ }).count();
    expect(layers).toBeGreaterThan(2);
    await expect(matrix.getByRole('button')).toHaveCount(10 * layers);
    await expect(page.getByRole('heading', { name: words.similarityAt({ layer: layers }) })).toBeVisible();
    const at = page.getByRole('table', { name: words.similarityAt({ layer: layers }) });
    await expect(at.getByRole('row', { name: /^red/ })).toContainText(/[+−]\d\.\d\d/);
    await page.getByLabel(en.attention.layer, { exact: true }).fill('0');
    await expect(page.getByRole('heading', { name: words.similarityAt({ layer: 1 }) })).toBeVisible();
    await matrix.getByRole('button').nth(1).click();
    await expect(page.getByRole('heading', { name: words.similarityAt({ layer: 2 }) })).toBeVisible();
    await expect(page.getByText(words.similarityHint).first()).toBeVisible();
  });

  await test.step('a word shows its patches, with the null band in the legend', async () => {
    const plain = await fingerprint(exhibit(page));
    await word(page, 'bird').click();
    await expect(word(page, 'bird')).toHaveAttribute('aria-pressed', 'true');
    const map = page.getByRole('application', { name: words.relevanceOf({ word: 'bird' }) });
    const ofBird = await fingerprint(map);
    expect(ofBird).not.toBe(plain);
    await expect(page.getByText(anyOf(words.band, 'low', 'high'))).toBeVisible();
    await map.focus();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByText(/^[+−]\d+\.\d+ at row \d+, column \d+$/).first()).toBeVisible();
    await word(page, 'beach').click();
    const beach = page.getByRole('application', { name: words.relevanceOf({ word: 'beach' }) });
    expect(await fingerprint(beach)).not.toBe(ofBird);
    await word(page, 'beach').click();
    await expect.poll(() => fingerprint(exhibit(page))).toBe(plain);
  });
});

test('typed concepts are compared, and a word that the model does not know is flagged', async ({ page }) => {
  await page.goto(link('concepts', { concepts: 'car,tree', word: '' }));
  await finished(page, 'concepts');
  expect(await shares(page)).toHaveLength(2);
  const field = page.getByLabel(words.addConcept);
  await field.fill('a blue boat');
  await field.press('Enter');
  await expect.poll(async () => (await shares(page)).length).toBe(3);
  const sum = (await shares(page)).reduce((total, figure) => total + figure);
  expect(Math.abs(sum - 100)).toBeLessThanOrEqual(0.2);
  await page.getByRole('button', { name: words.remove({ concept: 'tree' }) }).click();
  await expect.poll(async () => (await shares(page)).length).toBe(2);

  await field.fill('zebra');
  await field.press('Enter');
  const caution = page.getByText(anyOf(en.caution.unknownWords, 'words'));
  await expect(caution).toContainText('zebra');

  const prompt = page.getByLabel(words.prompt, { exact: true });
  await prompt.fill(' ');
  await prompt.press('Enter');
  // Without a prompt the concepts' own words are the ones to click.
  await expect(word(page, 'boat')).toBeVisible();
  await expect(word(page, 'beach')).toHaveCount(0);
  await prompt.fill('a giraffe on a lawn');
  await prompt.press('Enter');
  await expect(caution).toContainText('giraffe');
  await expect(word(page, 'giraffe')).toHaveAttribute('title', en.attention.unknownChip);
});

test('pictures are opened, dropped and pasted: PNG, JPEG turned by EXIF, WebP, AVIF', async ({ page }) => {
  await page.goto(link('concepts', { word: '' }));
  await finished(page, 'concepts');
  const shown = exhibit(page);
  const across = async (): Promise<void> => {
    await finished(page, 'concepts');
    await expectColour(shown, [0.2, 0.5], red);
    await expectColour(shown, [0.8, 0.5], blue);
  };
  const reset = async (): Promise<void> => {
    await page.getByRole('list', { name: words.gallery }).getByRole('button').nth(3).click();
    await expect(page).toHaveURL(/image=scene/);
    await finished(page, 'concepts');
  };

  await test.step('PNG, opened', async () => {
    await upload(page, await picture(page, 'halves', 'image/png'));
    await expect(page).toHaveURL(/image=upload/);
    await across();
    await reset();
  });
  await test.step('JPEG with an EXIF orientation: it stands upright', async () => {
    await upload(page, turned(await picture(page, 'halves', 'image/jpeg'), 6));
    await expectColour(shown, [0.5, 0.2], red);
    await expectColour(shown, [0.5, 0.8], blue);
    await reset();
  });
  await test.step('WebP, dropped', async () => {
    await handOver(page, 'drop', await picture(page, 'halves', 'image/webp'));
    await across();
    await reset();
  });
  await test.step('AVIF, pasted', async () => {
    await handOver(page, 'paste', {
      name: 'halves.avif',
      mimeType: 'image/avif',
      buffer: Buffer.from(avif12x8),
    });
    await across();
  });
  await test.step('a drop on another view leads here', async () => {
    await page.getByRole('tab', { name: en.page.attention }).click();
    await handOver(page, 'drop', await picture(page, 'halves', 'image/png', [64, 64]));
    await expect(page.getByRole('tab', { name: en.page.concepts })).toHaveAttribute('aria-selected', 'true');
    await across();
  });
});

test('a picture from outside of the drawn world is flagged, a drawn scene is not', async ({ page }) => {
  await page.goto(link('concepts', { image: 'scene.4', word: '' }));
  await finished(page, 'concepts');
  await expect(page.getByText(foreign)).toHaveCount(0);
  await upload(page, await picture(page, 'photograph', 'image/jpeg', [640, 480]));
  await expect(page.getByText(foreign)).toBeVisible();
  for (const { name, path } of photographs()) {
    await page.getByRole('list', { name: words.gallery }).getByRole('button').nth(3).click();
    await expect(page.getByText(foreign)).toHaveCount(0);
    await upload(page, path);
    await expect(page.getByText(foreign), name).toBeVisible();
  }
});

test('what is no picture, a broken one and one too large are refused beside the button; the rest works on', async ({
  page,
}) => {
  await page.goto(link('concepts', { word: '' }));
  await finished(page, 'concepts');
  const whole = await picture(page, 'halves', 'image/png');
  const claim = Buffer.from(pngClaiming(20_000, 20_000));
  const refused = [
    [{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') }, en.error.notImage],
    [
      { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('no picture either') },
      en.error.notImage,
    ],
    [{ ...whole, name: 'cut.png', buffer: whole.buffer.subarray(0, 400) }, en.error.brokenImage],
    [{ name: 'huge.png', mimeType: 'image/png', buffer: claim }, en.error.hugeImage],
    [{ name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) }, en.error.notImage],
  ] as const;
  const before = await fingerprint(exhibit(page));
  const section = page.getByRole('region', { name: en.page.goesIn });
  for (const [file, text] of refused) {
    await upload(page, file);
    const message = text({ name: file.name, limit: '8000 × 8000' });
    await expect(section.getByRole('alert').filter({ hasText: message })).toBeVisible();
    await expect(section.getByRole('alert')).toHaveCount(1);
    expect(await fingerprint(exhibit(page))).toBe(before);
  }
  await upload(page, whole);
  await expect(alert(page, /./)).toHaveCount(0);
  await expectColour(exhibit(page), [0.2, 0.5], red);
  await word(page, 'bird').click();
  await expect(page.getByRole('application', { name: words.relevanceOf({ word: 'bird' }) })).toBeVisible();
});
