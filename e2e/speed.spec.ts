import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import {
  choiceLatencies,
  clickLatencies,
  longTasks,
  mostOwnTime,
  quantile,
  slowFrames,
  watchLongTasks,
} from './support/gauge.ts';
import { finished } from './support/page.ts';

/** Bars of the project; shared machines of continuous integration may take twice as long for a click. */
const BARS = {
  codeBytes: 150_000,
  clickMs: process.env.CI ? 66 : 33,
  choiceMs: process.env.CI ? 32 : 16,
  longTaskMs: 50,
} as const;

test('the page’s code before the worker is small', async ({ page }) => {
  const scripts: { readonly path: string; readonly body: Promise<Buffer> }[] = [];
  let workerAsked = false;
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (path.includes('engine.worker')) workerAsked = true;
    else if (!workerAsked && path.endsWith('.js')) scripts.push({ path, body: response.body() });
  });
  await page.goto('/');
  await expect.poll(() => workerAsked).toBe(true);
  const sizes = await Promise.all(
    scripts.map(async ({ path, body }) => ({ path, bytes: gzipSync(await body).length })),
  );
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `code before the worker: ${total} bytes gzipped; ${sizes.map(({ path, bytes }) => `${path} ${bytes}`)}`,
  );
  expect(sizes.length).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(BARS.codeBytes);
});

test('a click on a word is drawn at once, and a generation leaves the page free', async ({
  page,
  browser,
}) => {
  await page.goto('/#view=attention&words=');
  await finished(page);

  await test.step('200 warm clicks', async () => {
    const times = await clickLatencies(page, en.attention.words, 200);
    const [median, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    console.log(`click to heatmap over 200 clicks: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
    expect(times).toHaveLength(200);
    // Soft: the other figure is wanted too.
    expect.soft(p95).toBeLessThanOrEqual(BARS.clickMs);
  });

  await test.step('200 moves of layer, head and step, nothing computed before', async () => {
    await page.getByRole('region', { name: en.attention.words }).getByRole('button').nth(2).click();
    const { layer, head, step } = en.attention;
    const times = await choiceLatencies(page, [layer, head, step], 200);
    const [median, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    console.log(`choice to heatmap over 200 moves: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
    expect(times).toHaveLength(200);
    expect.soft(p95).toBeLessThanOrEqual(BARS.choiceMs);
  });

  await test.step('no long task during a generation', async () => {
    await page.getByLabel(en.attention.prompt, { exact: true }).fill('a blue boat at sea');
    await watchLongTasks(page);
    const own = await mostOwnTime(browser, page, async () => {
      await page.getByRole('button', { name: en.run.generate, exact: true }).click();
      await expect(page.getByRole('progressbar')).toBeVisible();
      await finished(page);
    });
    const long = (await longTasks(page)).filter(({ duration }) => duration > BARS.longTaskMs);
    const worst = Math.max(0, ...long.map(({ duration }) => duration));
    console.log(
      `long tasks during a generation: ${long.length}, longest ${worst.toFixed(0)} ms; most processor time of one task ${own.toFixed(0)} ms`,
    );
    for (const frame of await slowFrames(page)) console.log(`  slow frame ${frame}`);
    expect(long).toEqual([]);
  });
});
