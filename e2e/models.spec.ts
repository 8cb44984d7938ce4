import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { en } from '../src/text/en.ts';
import { type HubServer, startHub } from './support/hub-server.ts';
import { askFor, dropFiles, openModels, priceCard } from './support/models.ts';
import { alert, anyOf, finished, link } from './support/page.ts';
import { handOver } from './support/pictures.ts';
import { unknownOperator } from './support/unknown-operator.ts';

test.describe.configure({ timeout: 420_000 });

const words = en.models;
const own = 'owner/scene-clip';
let hub: HubServer;

/** Every file of a folder by its path in it. */
function folder(path: string): Record<string, Uint8Array> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(path, name)))]),
  );
}

test.beforeAll(async () => {
  hub = await startHub();
  const clip = folder('models/scene-clip-vit');
  hub.put(own, clip, { licence: 'apache-2.0' });
  hub.put('owner/gated', clip, { access: 403 });
  hub.put('owner/weights', { 'model.safetensors': new Uint8Array(5000), 'config.json': new Uint8Array(2) });
});
test.beforeEach(() => hub.calm());
test.afterAll(() => hub.close());

const card = priceCard;
const openPage = (page: Page) => openModels(page, hub);
const large = () => hub.seen.filter(({ path }) => path.startsWith('/cdn/') && path.endsWith('.onnx'));

test('a model of the hub: price first, then progress, pause, a reload, going on, and its concepts', async ({
  page,
}) => {
  await openPage(page);
  await page.waitForTimeout(300);
  expect(hub.seen).toEqual([]);

  await test.step('the price is told, and no file is fetched for it', async () => {
    await askFor(page, own);
    await expect(card(page).getByText(anyOf(words.missing, 'megabytes', 'host'))).toBeVisible();
    await expect(card(page).getByText(words.licence({ name: 'apache-2.0' }))).toBeVisible();
    await expect(card(page).getByText(words.keepingDisk)).toBeVisible();
    expect(hub.seen.every(({ path }) => path.startsWith('/api/'))).toBe(true);
  });

  await test.step('it can be paused, and goes on after a reload where it was', async () => {
    hub.faults.bytesPerSecond = 1_000_000;
    await card(page).getByRole('button', { name: words.open }).click();
    await expect(card(page).getByText(anyOf(words.speed, 'value'))).toBeVisible();
    await expect(card(page).getByText(anyOf(words.left, 'time'))).toBeVisible();
    await expect
      .poll(async () => Number(await card(page).getByRole('progressbar').getAttribute('aria-valuenow')))
      .toBeGreaterThan(10);
    await card(page).getByRole('button', { name: words.pause }).click();
    await expect(card(page).getByText(words.paused({ title: own }))).toBeVisible();
    const asked = large().length;
    await page.reload();
    await expect(card(page).getByText(words.paused({ title: own }))).toBeVisible();
    await page.waitForTimeout(300);
    expect(large()).toHaveLength(asked);
    hub.faults.bytesPerSecond = 0;
    await card(page).getByRole('button', { name: words.resume }).click();
    await expect(card(page).getByText(words.opened({ title: own }))).toBeVisible();
    expect(large().some(({ range }) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });

  await test.step('the concepts view explains a scene with it', async () => {
    await card(page)
      .getByRole('button', { name: words.lookAt({ title: own, view: en.page.concepts }) })
      .click();
    // The first explanation of a model embeds the whole vocabulary.
    await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible({ timeout: 240_000 });
    expect(page.url()).toContain('model=owner%2Fscene-clip');
  });

  await test.step('it is still here after a reload, without the network, and can be removed', async () => {
    hub.calm();
    await page.goto(link('models'));
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: own });
    await expect(row).toBeVisible();
    expect(hub.seen).toEqual([]);
    await page.getByRole('button', { name: words.removeOf({ title: own }) }).click();
    await expect(row).toHaveCount(0);
    await expect(page.getByText(words.nothingKept)).toBeVisible();
  });
});

test('a tab that is killed in mid-transfer comes back to where it was', async ({ page, context }) => {
  await openPage(page);
  hub.faults.bytesPerSecond = 1_000_000;
  await askFor(page, own);
  await card(page).getByRole('button', { name: words.open }).click();
  const share = (tab: Page) => card(tab).getByRole('progressbar').getAttribute('aria-valuenow');
  await expect.poll(async () => Number(await share(page))).toBeGreaterThan(15);
  const address = page.url();
  const crashed = page.waitForEvent('crash');
  // Navigating there never ends: the tab's process does.
  void page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  await page.close();

  hub.calm();
  const again = await context.newPage();
  await again.goto(address);
  await expect(card(again).getByText(words.paused({ title: own }))).toBeVisible();
  // What had come is here, and nothing is asked for yet.
  await expect.poll(async () => Number(await share(again))).toBeGreaterThan(5);
  expect(hub.seen).toEqual([]);
  await card(again).getByRole('button', { name: words.resume }).click();
  await expect(card(again).getByText(words.opened({ title: own }))).toBeVisible();
  expect(large().some(({ range }) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
});

test('a transfer says that the browser is offline, or has no room, and goes on once that is mended', async ({
  page,
  context,
}) => {
  const devtools = await context.newCDPSession(page);
  const limit = (bytes?: number) =>
    devtools.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(page.url()).origin,
      ...(bytes === undefined ? {} : { quotaSize: bytes }),
    });
  await openPage(page);
  await test.step('no room: the browser gives less than it promises', async () => {
    await limit(1_000_000);
    await askFor(page, own);
    await card(page).getByRole('button', { name: words.open }).click();
    await expect(alert(page, anyOf(en.error.quota, 'megabytes'))).toBeVisible();
    await limit();
  });
  await test.step('offline in the midst: what has come is kept', async () => {
    hub.faults.bytesPerSecond = 1_000_000;
    await card(page).getByRole('button', { name: words.resume }).click();
    // A speed is that of this transfer, not of the one before.
    await expect(card(page).getByText(anyOf(words.speed, 'value'))).toBeVisible();
    await expect
      .poll(async () => Number(await card(page).getByRole('progressbar').getAttribute('aria-valuenow')))
      .toBeGreaterThan(10);
    await context.setOffline(true);
    await expect(alert(page, en.error.offline)).toBeVisible();
    await context.setOffline(false);
    const begun = new Set(large().map(({ path }) => path));
    expect(begun.size).toBeGreaterThan(0);
    hub.calm();
    await card(page).getByRole('button', { name: words.resume }).click();
    await expect(card(page).getByText(words.opened({ title: own }))).toBeVisible();
    // Nothing that had come is fetched again: the file on its way goes on, those before it are left alone.
    expect(large().filter(({ path, range }) => begun.has(path) && range === undefined)).toEqual([]);
  });
});

test('a file with an operator that nothing here runs is named as such, and the rest goes on', async ({
  page,
}) => {
  await page.goto(link('models'));
  await dropFiles(page, [{ name: 'odd.onnx', bytes: Buffer.from(unknownOperator('Frobnicate')) }]);
  await card(page).getByRole('button', { name: words.copy }).click();
  await card(page)
    .getByRole('button', { name: anyOf(words.lookAt, 'title', 'view') })
    .click();
  const layer = page.getByLabel(en.neurons.layer, { exact: true });
  await expect(layer.locator('option')).not.toHaveCount(0);
  await page.getByLabel(en.neurons.scenes, { exact: true }).fill('16');
  await page.getByRole('button', { name: en.neurons.dissect, exact: true }).click();
  await expect(alert(page, /Frobnicate/)).toBeVisible();
  await page.getByRole('tab', { name: en.page.concepts }).click();
  // The first explanation of a model embeds the whole vocabulary.
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible({ timeout: 240_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('broken bytes are refused by name, and nothing of them is kept', async ({ page }) => {
  await page.goto(link('models'));
  const whole = readFileSync('models/scene-clip-rn/onnx/vision_model.onnx');
  await dropFiles(page, [{ name: 'half.onnx', bytes: whole.subarray(0, whole.length >> 1) }]);
  await expect(alert(page, en.error.modelCorrupt({ file: 'half.onnx' }))).toBeVisible();
  await expect(page.getByText(words.nothingKept)).toBeVisible();
});

test('every refusal is told with its way out', async ({ page }) => {
  await openPage(page);
  await test.step('a name that is none', async () => {
    await askFor(page, 'nonsense');
    await expect(alert(page, words.badPlace)).toBeVisible();
  });
  for (const [id, text] of [
    ['owner/gated', en.error.gated({ id: 'owner/gated' })],
    ['owner/none', en.error.modelMissing({ id: 'owner/none' })],
    ['owner/weights', en.error.noOnnx],
  ] as const) {
    await test.step(id, async () => {
      await askFor(page, id);
      await expect(alert(page, text)).toBeVisible();
    });
  }
  await test.step('a host that is not there', async () => {
    await page.getByLabel(words.mirror, { exact: true }).fill('http://127.0.0.1:9');
    await askFor(page, own);
    await expect(alert(page, en.error.unreachable({ host: '127.0.0.1:9' }))).toBeVisible();
    await page.getByLabel(words.mirror, { exact: true }).fill(hub.base);
  });
  await test.step('damaged bytes, twice', async () => {
    hub.faults.flips = 2;
    await askFor(page, own);
    await card(page).getByRole('button', { name: words.open }).click();
    await expect(alert(page, anyOf(en.error.modelCorrupt, 'file'))).toBeVisible();
  });
  await test.step('a server that is down for good; what had come stays', async () => {
    hub.calm();
    hub.faults.cut = { after: 2_000_000, times: 1 };
    hub.faults.status = { code: 503, times: 0 };
    await card(page).getByRole('button', { name: words.resume }).click();
    await expect(card(page).getByText(words.opened({ title: own }))).toBeVisible();
    // What was on its way when the connection broke is lost, the rest is not.
    expect(large().some(({ range }) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });
});

test('a dropped folder of files opens like any other model', async ({ page }) => {
  await page.goto(link('models'));
  const files = Object.entries(folder('models/scene-clip-vit')).map(([path, bytes]) => ({
    name: path.split('/').at(-1)!,
    bytes: Buffer.from(bytes),
  }));
  await dropFiles(page, files);
  await expect(card(page).getByText(anyOf(words.copied, 'megabytes'))).toBeVisible();
  await card(page).getByRole('button', { name: words.copy }).click();
  await card(page)
    .getByRole('button', { name: anyOf(words.lookAt, 'title', 'view') })
    .last()
    .click();
  await expect(page.getByLabel(en.neurons.layer, { exact: true }).locator('option')).not.toHaveCount(0);
});

const squeezenet = join(process.env.VITRINE_REAL_FILES ?? '', 'squeezenet', 'SqueezeNet_fp16.onnx');

test('SqueezeNet is opened by drop and dissected on scenes', async ({ page }) => {
  test.skip(!process.env.VITRINE_REAL_FILES || !existsSync(squeezenet), 'VITRINE_REAL_FILES is not set');
  await page.goto(link('models'));
  await dropFiles(page, [{ name: 'SqueezeNet_fp16.onnx', bytes: readFileSync(squeezenet) }]);
  await expect(card(page).getByText(words.family_backbone)).toBeVisible();
  // Its weights are named as Caffe's exporter names them.
  await expect(card(page).getByLabel(words.preparation)).toHaveValue('caffe');
  await card(page).getByRole('button', { name: words.copy }).click();
  await card(page)
    .getByRole('button', { name: anyOf(words.lookAt, 'title', 'view') })
    .click();
  const layer = page.getByLabel(en.neurons.layer, { exact: true });
  await expect.poll(() => layer.locator('option').count()).toBeGreaterThanOrEqual(26);
  await page.getByLabel(en.neurons.scenes, { exact: true }).fill('24');
  await page.getByRole('button', { name: en.neurons.dissect, exact: true }).click();
  await finished(page, 'neurons');
  await expect(page.getByRole('grid', { name: en.neurons.table }).getByRole('row').nth(1)).toBeVisible();
  await page.reload();
  await finished(page, 'neurons');

  await test.step('photographs are probed: their classes, and which units fire where', async () => {
    await page.getByRole('tab', { name: en.neurons.panel_picture }).click();
    const classes = page.getByRole('region', { name: en.runtime.classes });
    // ImageNet's numbers, since the folder names no classes; several name one thing.
    for (const [name, wanted] of [
      ['tiger', /class (292|282)/],
      ['teapot', /class 849/],
      ['airport', /class (404|895|908)/],
      ['cats', /class 28[1-5]/],
    ] as const) {
      const path = join(process.env.VITRINE_REAL_FILES ?? '', 'photos', `xenova_${name}.jpg`);
      await handOver(page, 'drop', { name, mimeType: 'image/jpeg', buffer: readFileSync(path) });
      await expect
        .poll(async () => (await classes.getByRole('row').allInnerTexts()).slice(0, 6).join('\n'))
        .toMatch(wanted);
      await expect(page.getByRole('region', { name: en.neurons.pictureUnits })).toBeVisible();
    }
    expect(page.url().length).toBeLessThan(8000);
  });
});
