import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { readPngText, settingsKeyword } from '../src/exports/png-text.ts';
import { en } from '../src/text/en.ts';
import { alert, anyOf, attention, chip, exhibit, fingerprint, finished, heatOf } from './support/page.ts';
import { save } from './support/saving.ts';
import { shippedFiles } from './support/shipped.ts';

const words = en.attention;

test('a first visit opens on a finished example that was computed live', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const from = Date.now();
  await page.goto('/');
  // The steps are watched as they come, then the word `car` is lit.
  await expect(page.getByRole('progressbar')).toBeVisible();
  await finished(page);
  console.log(`first visit: finished after ${Date.now() - from} ms`);
  await expect(chip(page, 'car')).toHaveAttribute('aria-pressed', 'true');
  await expect(heatOf(page, 'car')).toBeVisible();
  await expect(page.getByText(words.legend, { exact: true }).first()).toBeVisible();
  await expect(page.getByText(words.firstHint)).toBeVisible();
  await expect(page.getByRole('radio', { name: /^Step \d+/ })).toHaveCount(20);
  await expect(page.getByRole('alert')).toHaveCount(0);
  // Nothing canned: models were fetched, pictures and results were not.
  expect(fetched.filter((path) => path.endsWith('.onnx')).length).toBeGreaterThanOrEqual(2);
  expect(fetched.filter((path) => /\.(png|jpe?g|webp|avif|gif|npz|bin)$/.test(path))).toEqual([]);
});

test('words light their heatmaps, are compared, and read out', async ({ page }) => {
  await page.goto(attention({ words: '' }));
  await finished(page);
  const plain = await fingerprint(exhibit(page));

  await test.step('a click overlays the heatmap, another takes it off', async () => {
    await chip(page, 'red').click();
    await expect(chip(page, 'red')).toHaveAttribute('aria-pressed', 'true');
    expect(await fingerprint(heatOf(page, 'red'))).not.toBe(plain);
    await chip(page, 'red').click();
    await expect(chip(page, 'red')).toHaveAttribute('aria-pressed', 'false');
    await expect(heatOf(page, 'red')).toHaveCount(0);
    expect(await fingerprint(exhibit(page))).toBe(plain);
  });

  await test.step('every occurrence of a word is its own', async () => {
    await expect(chip(page, 'a', 0)).toBeVisible();
    await chip(page, 'a', 1).click();
    await expect(chip(page, 'a', 0)).toHaveAttribute('aria-pressed', 'false');
    await expect(chip(page, 'a', 1)).toHaveAttribute('aria-pressed', 'true');
    await expect(page).toHaveURL(/words=a(%7E|~)2/);
    await chip(page, 'a', 1).click();
  });

  await test.step('several words stand side by side', async () => {
    for (const word of ['red', 'car', 'lawn']) await chip(page, word).click();
    await expect(exhibit(page)).toHaveCount(3);
    const prints = new Set(
      await Promise.all([0, 1, 2].map((index) => fingerprint(exhibit(page).nth(index)))),
    );
    expect(prints.size).toBe(3);
    await page.getByRole('button', { name: words.clear }).click();
    await expect(exhibit(page)).toHaveCount(1);
    expect(await fingerprint(exhibit(page))).toBe(plain);
  });

  await chip(page, 'car').click();
  const map = heatOf(page, 'car');
  const daam = await fingerprint(map);

  await test.step('layer, head and step choose other maps', async () => {
    const seen = new Set([daam]);
    for (const label of [words.layer, words.head, words.step]) {
      const select = page.getByLabel(label, { exact: true });
      const values = await select
        .locator('option')
        .evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
      expect(values.length).toBeGreaterThan(2);
      await select.selectOption(values[1]!);
      const print = await fingerprint(map);
      expect(seen.has(print), `${label} leaves the map as it was`).toBe(false);
      seen.add(print);
    }
    await page.getByRole('radio', { name: /^Step 2\b/ }).check({ force: true });
    await expect(page.getByLabel(words.step, { exact: true })).toHaveValue('1');
    await page.getByRole('button', { name: words.backToAggregate }).click();
    await expect(page.getByText(words.aggregate)).toBeVisible();
    expect(await fingerprint(map)).toBe(daam);
  });

  await test.step('hover and arrow keys read the value at a place', async () => {
    const box = (await map.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const reading = anyOf(words.reading, 'word', 'value', 'row', 'column');
    await expect(page.getByText(reading).first()).toContainText(/^car 0?\.?\d/);
    await page.mouse.move(0, 0);
    await map.focus();
    await page.keyboard.press('ArrowRight');
    const first = await page.getByText(reading).first().textContent();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByText(reading).first()).not.toHaveText(first!);
    // Read aloud too.
    await expect(page.getByRole('status').filter({ hasText: reading }).first()).toBeAttached();
  });

  await test.step('opacity, colours and start and end tokens', async () => {
    const opacity = page.getByLabel(words.opacity);
    const before = await opacity.inputValue();
    await opacity.fill('0');
    await expect.poll(() => fingerprint(map)).not.toBe(daam);
    await opacity.fill(before);
    await expect.poll(() => fingerprint(map)).toBe(daam);
    await page.getByLabel(words.colours).selectOption('viridis');
    await expect.poll(() => fingerprint(map)).not.toBe(daam);
    await page.getByLabel(words.special).check();
    await expect(chip(page, words.start)).toBeVisible();
    await expect(chip(page, words.end)).toBeVisible();
  });

  await test.step('the table holds the same in figures', async () => {
    await page.getByText(words.table).click();
    const table = page.getByRole('table', { name: words.mapOf({ word: 'car' }) });
    await expect(table).toBeVisible();
    const figures = (await table.getByRole('cell').allTextContents())
      .filter((text) => text !== '')
      .map(Number);
    expect(figures).toHaveLength(64);
    expect(figures.every((figure) => figure >= 0 && figure <= 1)).toBe(true);
  });
});

test('what is saved carries its settings and can be read again', async ({ page }) => {
  await page.goto(attention({ words: 'red,car', seed: 11 }));
  await finished(page);
  const png = await save(page, 'PNG');
  expect(png.name).toMatch(/^vitrine_.*\.png$/);
  const bytes = await readFile(png.path);
  const settings = JSON.parse(readPngText(bytes, settingsKeyword) ?? 'null');
  expect(settings).toMatchObject({
    settings: {
      model: 'scene-diffusion',
      recipe: 'daam',
      parameters: { prompt: 'a red car on a green lawn', seed: 11, steps: 4, words: ['red', 'car'] },
    },
  });
  expect(Object.values(settings.settings.sha256).every((hash) => /^[0-9a-f]{64}$/.test(String(hash)))).toBe(
    true,
  );

  const csv = await readFile((await save(page, 'CSV')).path, 'utf8');
  const [head, ...lines] = csv.trim().split(/\r?\n/);
  expect(head).toBe('map,row,column,probability');
  expect(lines).toHaveLength(2 * 32 * 32);
  expect(lines.every((line) => Number.isFinite(Number(line.split(',')[3])))).toBe(true);

  const json = JSON.parse(await readFile((await save(page, 'JSON')).path, 'utf8'));
  expect(json).toMatchObject({ format: 'vitrine', version: 1, data: { unit: 'probability' } });
  const labels = json.data.maps.map(({ label }: { readonly label: string }) => label);
  expect(labels).toEqual(['red', 'car']);
  // The same figures in both files.
  const values: readonly number[] = json.data.maps.flatMap(
    ({ values: rows }: { readonly values: readonly (readonly number[])[] }) => rows.flat(),
  );
  expect(values).toEqual(lines.map((line) => Number(line.split(',')[3])));
});

test('a generation shows its steps and the time left; stopping it stops it and keeps what was there', async ({
  page,
}) => {
  await page.goto(attention({ words: 'car' }));
  await finished(page);
  const before = await fingerprint(exhibit(page));
  const prompt = page.getByLabel(words.prompt, { exact: true });
  await page.getByText(en.page.more).click();
  await page.getByLabel(words.steps, { exact: true }).fill('50');
  await page.getByRole('button', { name: en.run.generate, exact: true }).click();

  const progress = page.getByRole('progressbar');
  await expect(progress).toHaveAccessibleName(/^Step \d+ of 50$/);
  await expect(page.getByText(anyOf(en.run.left, 'seconds'))).toBeVisible();
  const preview = page.getByRole('img', { name: /^Picture being drawn for: a red car/ });
  await expect(preview).toBeVisible();
  const early = await fingerprint(preview);
  const step = async () => Number(/\d+/.exec((await progress.getAttribute('aria-label')) ?? '')?.[0]);
  const from = { step: await step(), at: Date.now() };
  await expect.poll(step).toBeGreaterThan(from.step + 2);
  const perStep = (Date.now() - from.at) / ((await step()) - from.step);
  expect(await fingerprint(preview)).not.toBe(early);

  const done = await step();
  expect(done).toBeLessThan(35);
  await page.getByRole('button', { name: en.run.cancel, exact: true }).click();
  const stopped = Date.now();
  await expect(page.getByText(en.run.stoppedKept)).toBeVisible();
  await expect(progress).toHaveCount(0);
  expect(await fingerprint(exhibit(page))).toBe(before);

  // Runs stand in one queue: had the stopped one gone on, the next would come after its remaining steps.
  await prompt.fill('a blue boat at sea');
  await page.getByLabel(words.steps, { exact: true }).fill('1');
  await page.getByRole('button', { name: en.run.generate, exact: true }).click();
  await expect(chip(page, 'boat')).toBeVisible();
  const took = Date.now() - stopped;
  const remaining = (50 - done) * perStep;
  console.log(`stopped at step ${done} (${perStep.toFixed(0)} ms each); the next run took ${took} ms`);
  expect(took).toBeLessThan(remaining);
});

test('an empty prompt, an unknown word and a prompt too long are said beside the field', async ({ page }) => {
  await page.goto(attention());
  await finished(page);
  const prompt = page.getByLabel(words.prompt, { exact: true });
  const generate = page.getByRole('button', { name: en.run.generate, exact: true });

  await prompt.fill('   ');
  await generate.click();
  await expect(prompt).toHaveAccessibleDescription(en.error.emptyPrompt);
  await expect(alert(page, en.error.emptyPrompt)).toBeVisible();
  await expect(chip(page, 'car')).toBeVisible();

  await prompt.fill('a zebra on a lawn');
  await expect(page.getByText(en.error.emptyPrompt)).toHaveCount(0);
  await expect(prompt).toHaveAccessibleDescription(en.prompt.unknown({ words: 'zebra' }));
  await prompt.press('Enter');
  await expect(chip(page, 'zebra')).toBeVisible();
  await finished(page);
  await expect(page.getByText(anyOf(en.caution.unknownWords, 'words'))).toContainText('zebra');
  await expect(page.getByText(anyOf(en.caution.unknownWords, 'words'))).not.toContainText('lawn');
  await expect(chip(page, 'zebra')).toHaveAttribute('title', words.unknownChip);

  const file = shippedFiles('scene-diffusion').get('tokenizer_config')!;
  const limit: number = JSON.parse(await readFile(file, 'utf8')).model_max_length;
  // Start and end take a token each; the kite comes after the last word that fits.
  const long = `${Array.from({ length: limit - 2 }, (_, i) => (i % 2 === 0 ? 'red' : 'car')).join(' ')} a kite`;
  await prompt.fill(long);
  await expect(prompt).toHaveAccessibleDescription(/kite/);
  await prompt.press('Enter');
  const cut = page.getByText(anyOf(en.caution.cutWords, 'words', 'limit'));
  await expect(cut).toContainText('kite');
  await expect(cut).toContainText(String(limit));
  await expect(chip(page, 'kite')).toHaveCount(0);

  await test.step('a word of the link that the prompt does not have', async () => {
    await page.goto(attention({ words: 'car,tiger' }));
    await finished(page);
    await expect(alert(page, 'tiger')).toBeVisible();
    await expect(heatOf(page, 'car')).toBeVisible();
  });
});
