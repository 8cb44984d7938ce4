import { expect, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { attention, chip, finished, link } from './support/page.ts';
import { picture } from './support/pictures.ts';
import { save } from './support/saving.ts';

test('a session of all three views asks no other origin for anything, and sends nothing', async ({
  page,
  context,
  baseURL,
}) => {
  const own = new URL(baseURL!).origin;
  const foreign: string[] = [];
  const sent: string[] = [];
  const failed: string[] = [];
  const blocked: string[] = [];
  // Of the context: workers' requests are among them.
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== own && !['blob:', 'data:'].includes(protocol)) foreign.push(request.url());
    if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url());
  });
  context.on('requestfailed', (request) => {
    // Leaving the page gives up what is on its way.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(request.url());
  });
  page.on('websocket', (socket) => foreign.push(socket.url()));
  page.on('console', (message) => {
    if (/Content Security Policy|CORS|Cross-Origin|ERR_BLOCKED/.test(message.text()))
      blocked.push(message.text());
  });

  await page.goto(attention({ words: 'car' }));
  await finished(page);
  await chip(page, 'lawn').click();
  await save(page, 'PNG');
  await page.getByRole('tab', { name: en.page.concepts }).click();
  await finished(page, 'concepts');
  await page
    .getByLabel(en.concepts.upload)
    .setInputFiles({ ...(await picture(page, 'halves', 'image/png')) });
  await expect(page).toHaveURL(/image=upload/);
  await finished(page, 'concepts');
  await page.goto(link('neurons', { site: 'vision.blocks.3.mlp.post', scenes: 16, run: 1, unit: 5 }));
  await finished(page, 'neurons');
  await page.getByRole('radio', { name: '中' }).check({ force: true });
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant');

  expect(foreign).toEqual([]);
  expect(sent).toEqual([]);
  expect(failed).toEqual([]);
  expect(blocked).toEqual([]);
  // A test that hears nothing proves nothing: what workers fetch was among the requests.
  const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  expect(names.every((name) => name.startsWith(own))).toBe(true);
});
