import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { anyOf, link } from './support/page.ts';
import { writeScenes } from './support/scene-files.ts';

const words = en.parts;
interface Shipped {
  readonly id: string;
  readonly family: string;
  readonly title: string;
}
const shipped: { readonly models: readonly Shipped[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../models/index.json'), 'utf8'),
);

test('while it answers: a question about what is not in the picture is no error, and offers the picture it is about', async ({
  page,
}) => {
  test.slow();
  test.skip(!shipped.models.some(({ family }) => family === 'generative'), 'no generative model ships');
  await page.goto(link('concepts', { part: 'answer', image: 'scene.8' }));
  await expect(page.getByText(words.repaintNothing({ things: 'bird' }))).toBeVisible({ timeout: 300_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('button', { name: words.repaintTaxi }).click();
  await expect(page).toHaveURL(/image=scene\.88651/);
  await expect(page.getByRole('table', { name: words.repaintedMap({ color: 'blue' }) })).toBeVisible({
    timeout: 300_000,
  });
});

test('while it answers: the map, the same picture repainted, one state, the referee', async ({ page }) => {
  test.slow();
  test.skip(!shipped.models.some(({ family }) => family === 'generative'), 'no generative model ships');
  await page.goto(link('concepts', { part: 'answer', image: 'scene.88651' }));
  const stage = page.getByRole('region', { name: en.page.exhibit });
  const map = page.getByRole('table', { name: anyOf(words.answerMap, 'model') });

  await test.step('the forced beginning stands in the answer, and every layer in the map', async () => {
    await expect(map).toBeVisible({ timeout: 300_000 });
    await expect(stage.getByText(/^the color is \w+/)).toHaveCount(2);
    await expect(map.getByRole('row')).toHaveCount(7);
    // The picture, six words of the question, three of the beginning, the answer.
    expect(await map.getByRole('columnheader').count()).toBeGreaterThanOrEqual(10);
  });

  await test.step('the repainted picture stands beside it until it is not wanted', async () => {
    const beside = page.getByRole('table', { name: words.repaintedMap({ color: 'blue' }) });
    await expect(beside).toBeVisible();
    await page.getByLabel(words.repaint).selectOption('red');
    await expect(page.getByRole('table', { name: words.repaintedMap({ color: 'red' }) })).toBeVisible();
    await page.getByLabel(words.repaint).selectOption('');
    await expect(page.getByRole('table', { name: anyOf(words.repaintedMap, 'color') })).toHaveCount(0);
  });

  await test.step('a cell of the map is looked at', async () => {
    await map.getByRole('row').nth(3).getByRole('button').first().click();
    await expect(
      page.getByRole('heading', { name: words.stateOf({ token: words.picture, layer: 3 }) }),
    ).toBeVisible();
    await expect(page).toHaveURL(/cell=2\.0/);
  });

  await test.step('the image tokens one by one, and their figures as a file', async () => {
    const tokens = page.getByRole('region', { name: anyOf(words.pictureTokens, 'concept', 'layer') });
    await tokens.getByLabel(en.concepts.conceptColumn).selectOption('yellow');
    await expect(
      tokens.getByRole('heading', { name: words.pictureTokens({ concept: 'yellow', layer: 3 }) }),
    ).toBeVisible();
    const arrives = page.waitForEvent('download');
    await tokens.getByRole('button', { name: 'CSV', exact: true }).click();
    // A head and 64 tokens.
    const lines = readFileSync(await (await arrives).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(65);
  });

  await test.step('the vectors are tested on scenes that they were not made from', async () => {
    const tested = page.getByRole('region', { name: words.separation });
    await tested.getByRole('button', { name: words.separate }).click();
    await expect(tested.getByRole('table')).toBeVisible();
    await expect(tested.getByText(words.separationHint({ scenes: 100 }))).toBeVisible();
  });

  await test.step('the referee takes a direction out, and ranks it among matched ones', async () => {
    const referee = page.getByRole('region', { name: words.referee });
    await referee.getByRole('button', { name: words.remove, exact: true }).click();
    await expect(referee.getByText(/%.* → .*%/)).toBeVisible();
    await expect(referee.getByText(anyOf(words.percentile, 'value'))).toBeVisible();
    await expect(referee.getByRole('table')).toBeVisible();
  });

  await test.step('other vectors, and the map as a file', async () => {
    await page.getByRole('radio', { name: words['answer_logit-lens'] }).check({ force: true });
    await expect(page.getByText(words['answerHint_logit-lens'])).toBeVisible();
    const arrives = page.waitForEvent('download');
    await page
      .getByRole('region', { name: anyOf(words.answerMap, 'model') })
      .getByRole('button', { name: 'SVG', exact: true })
      .click();
    expect(readFileSync(await (await arrives).path(), 'utf8')).toContain('<metadata>');
  });

  await test.step('another model answers: the link, the title and the file say which', async () => {
    const qformer = shipped.models.find(({ id }) => id === 'scene-vlm-qformer')!;
    await page.getByLabel(en.attention.model, { exact: true }).selectOption(qformer.id);
    await expect(page).toHaveURL(/part=answer.*answerModel=scene-vlm-qformer/);
    const own = page.getByRole('region', { name: words.answerMap({ model: qformer.title }) });
    await expect(own.getByRole('table')).toBeVisible();
    const arrives = page.waitForEvent('download');
    await own.getByRole('button', { name: 'CSV', exact: true }).click();
    expect((await arrives).suggestedFilename()).toContain('scene-vlm-qformer');
  });
});

test('heads: what each tells apart, its words, and the model without it', async ({ page }) => {
  test.slow();
  await page.goto(link('concepts', { part: 'heads' }));
  const map = page.getByRole('table', { name: words.headsMap });
  await expect(map).toBeVisible({ timeout: 300_000 });
  await map.getByRole('row').last().getByRole('button').nth(1).click();
  await expect(page.getByRole('heading', { name: words.headName({ layer: 6, head: 2 }) })).toBeVisible();
  await expect(page.getByText(anyOf(words.spanHint, 'value'))).toBeVisible();
  await page.getByRole('radio', { name: words.property_weather }).check({ force: true });
  await page.getByRole('button', { name: words.leaveOut }).click();
  await expect(page.getByText(words.ablationCount({ count: 1 }))).toBeVisible();
  await expect(page.getByRole('columnheader', { name: words.ablated })).toBeVisible();
});

test('retrieval in a folder of one’s own: a caption finds its picture', async ({ page }, info) => {
  const folder = info.outputPath('scenes');
  mkdirSync(folder, { recursive: true });
  await page.goto(link('concepts', { part: 'retrieval' }));
  const scenes = await writeScenes(
    page,
    folder,
    [501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511, 512],
  );
  writeFileSync(
    join(folder, 'captions.csv'),
    ['file_name,caption', ...scenes.map(({ name, caption }) => `${name},${caption}`)].join('\n'),
  );
  await page.getByLabel(words.openFolder).setInputFiles(folder);
  await expect(page.getByText(words.sourceOwn({ count: scenes.length }))).toBeVisible();
  const wanted = scenes[4]!;
  await page.getByLabel(words.query).fill(wanted.caption);
  await page.getByRole('button', { name: words.search, exact: true }).click();
  const results = page
    .getByRole('region', { name: words.foundFor({ query: wanted.caption }) })
    .getByRole('listitem');
  await expect(results).toHaveCount(scenes.length);
  await expect(results.first()).toContainText(wanted.caption);
  await results.first().getByRole('button').click();
  await expect(page.getByRole('heading', { name: words.matchParts })).toBeVisible();
  const arrives = page.waitForEvent('download');
  await page
    .getByRole('region', { name: words.foundFor({ query: wanted.caption }) })
    .getByRole('button', { name: 'SVG', exact: true })
    .click();
  const drawn = readFileSync(await (await arrives).path(), 'utf8');
  expect(drawn).toContain('<metadata>');
  expect(drawn.match(/<image /g)).toHaveLength(scenes.length);
});

test('a list that does not fit says which entry, and nothing is lost', async ({ page }) => {
  await page.goto(link('concepts', { part: 'sees' }));
  await page.getByText(words.paste, { exact: true }).first().click();
  const field = page.getByRole('textbox', { name: words.paste });
  const long = `red\n${'very '.repeat(30)}long\nblue`;
  await field.fill(long);
  await page.getByRole('button', { name: words.use, exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'very very' })).toContainText('120');
  await expect(field).toHaveValue(long);
  await field.fill('red\n"a car, in the rain"\nblue');
  await page.getByRole('button', { name: words.use, exact: true }).click();
  await expect(
    page.getByRole('button', { name: en.concepts.remove({ concept: 'a car in the rain' }) }),
  ).toBeVisible();
});

test('data check of a folder: captions that were swapped come first', async ({ page }, info) => {
  const folder = info.outputPath('pairs');
  mkdirSync(folder, { recursive: true });
  await page.goto(link('concepts', { part: 'check' }));
  const scenes = await writeScenes(
    page,
    folder,
    Array.from({ length: 24 }, (_, i) => 601 + i),
  );
  const swapped = [5, 12] as const;
  const captions = scenes.map(({ caption }) => caption);
  [captions[5], captions[12]] = [captions[12]!, captions[5]!];
  writeFileSync(
    join(folder, 'captions.csv'),
    ['file_name,caption', ...scenes.map(({ name }, i) => `${name},${captions[i]}`)].join('\n'),
  );
  await page.getByLabel(words.openFolder).setInputFiles(folder);
  await expect(page.getByText(words.sourceOwn({ count: scenes.length }))).toBeVisible();
  const pairs = page.getByRole('region', { name: words.pairs });
  await expect(pairs.getByText(/^24 pairs: \d+ likely mismatches/)).toBeVisible();
  const first = pairs.getByRole('row').filter({ hasText: 'scene-' });
  for (const place of [0, 1]) {
    await expect(first.nth(place)).toContainText(words.mismatch);
    const text = await first.nth(place).innerText();
    expect(swapped.some((index) => text.includes(scenes[index]!.name))).toBe(true);
  }
});
