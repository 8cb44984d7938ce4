/** A structural twin of every family, opened as a visitor opens a model, and looked at in its view. */

import { expect, type Page, test } from '@playwright/test';
import { TWIN_FOLDERS, type TwinName } from '../src/headless/test-support/twin-folders.ts';
import { consistencyFolder, pipelineFolder } from '../src/headless/test-support/whole-folder.ts';
import { en } from '../src/text/en.ts';
import { type HubServer, startHub } from './support/hub-server.ts';
import { askFor, dropFiles, openModels, priceCard } from './support/models.ts';
import { chip, exhibit, fingerprint, finished, link } from './support/page.ts';

const words = en.models;
let hub: HubServer;

function twin(name: TwinName): Record<string, Uint8Array> {
  const { files } = TWIN_FOLDERS[name]();
  return Object.fromEntries(Object.entries(files).map(([path, { bytes }]) => [path, bytes]));
}

test.beforeAll(async () => {
  hub = await startHub();
  for (const name of ['clip', 'vit-gpt2', 'llava-genai'] as const) hub.put(`twin/${name}`, twin(name));
  hub.put('twin/stable-diffusion', { ...pipelineFolder() });
  hub.put('twin/latent-consistency', { ...consistencyFolder() });
});
test.afterAll(() => hub.close());

async function fromHub(page: Page, id: string, view: string): Promise<void> {
  await openModels(page, hub);
  await askFor(page, id);
  await priceCard(page).getByRole('button', { name: words.open }).click();
  await priceCard(page)
    .getByRole('button', { name: words.lookAt({ title: id, view }) })
    .click();
}

async function fromDisk(page: Page, name: TwinName): Promise<void> {
  await page.goto(link('models'));
  const files = Object.entries(twin(name)).map(([path, bytes]) => ({
    name: path.split('/').at(-1)!,
    bytes: Buffer.from(bytes),
  }));
  await dropFiles(page, files);
  await priceCard(page).getByRole('button', { name: words.copy }).click();
  await priceCard(page)
    .getByRole('button', { name: new RegExp(`(${en.page.concepts}|${en.page.ask})$`) })
    .first()
    .click();
}

/** Bars of every concept, and the picture that the model saw. */
async function expectConcepts(page: Page): Promise<void> {
  await finished(page, 'concepts');
  await expect(page.getByRole('alert')).toHaveCount(0);
  const rows = page.getByRole('table', { name: en.concepts.probabilities }).getByRole('row');
  expect(await rows.count()).toBeGreaterThan(2);
  await expect(exhibit(page)).toBeVisible();
}

/** Words of an answer, and each way of asking where they come from. */
async function expectAnswer(page: Page, methods: readonly ('attention' | 'rollout' | 'attribution')[]) {
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  const answer = page.getByRole('region', { name: en.ask.answer, exact: true }).getByRole('button');
  await expect(answer.first()).toBeEnabled();
  const seen = new Set<string>();
  for (const method of methods) {
    await page.getByLabel(en.ask.method).selectOption({ label: en.ask[`method_${method}`] });
    await expect(page.getByText(en.ask[`hint_${method}`])).toBeVisible();
    await expect(page.getByText(en.ask.table)).toBeVisible();
    seen.add(await fingerprint(exhibit(page)));
  }
  expect(seen.size).toBe(methods.length);
}

test('CLIP, one file with both towers, from the hub: bars and the map of a word', async ({ page }) => {
  await fromHub(page, 'twin/clip', en.page.concepts);
  await expectConcepts(page);
});

test('SigLIP from a folder: bars, the map of a word, and the heads that pool its patches', async ({
  page,
}) => {
  await fromDisk(page, 'siglip');
  await expectConcepts(page);
  await page.getByRole('radio', { name: en.parts.heads, exact: true }).click();
  await expect(page.getByText(en.parts.pooledHeads)).toBeVisible();
  // Four heads under a row of names.
  await expect(page.getByRole('grid', { name: en.parts.headsTable }).getByRole('row')).toHaveCount(5);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('Stable Diffusion from the hub: a picture and where a word looks', async ({ page }) => {
  await fromHub(page, 'twin/stable-diffusion', en.page.attention);
  await finished(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  // The example lights its word; another one stands beside it.
  const lit = exhibit(page);
  await expect(lit).toHaveCount(1);
  await chip(page, 'red').click();
  await expect(lit).toHaveCount(2);
  expect(await fingerprint(lit.nth(0))).not.toBe(await fingerprint(lit.nth(1)));
});

test('a latent consistency model from the hub begins with its own steps and guidance; its channels are in Neurons', async ({
  page,
}) => {
  await fromHub(page, 'twin/latent-consistency', en.page.attention);
  await expect(page).toHaveURL(/steps=4/);
  await expect(page).toHaveURL(/guidance=8\.5/);
  await finished(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.goto(link('models'));
  await page
    .getByRole('row')
    .getByRole('button', { name: words.lookAt({ title: 'twin/latent-consistency', view: en.page.neurons }) })
    .click();
  const layers = page.getByLabel(en.neurons.layer, { exact: true });
  await expect(layers.locator('option[value="unet.mid.0.mlp.post"]')).toBeAttached();
});

test('a captioner from the hub: a caption and the attention of its words', async ({ page }) => {
  await fromHub(page, 'twin/vit-gpt2', en.page.ask);
  await expectAnswer(page, ['attention', 'rollout']);
});

test('Idefics3 from a folder: the picture in parts, an answer and its heat', async ({ page }) => {
  await fromDisk(page, 'idefics');
  await expectAnswer(page, ['attention', 'rollout', 'attribution']);
});

test('LLaVA with grouped queries from the hub: an answer and its heat', async ({ page }) => {
  await fromHub(page, 'twin/llava-genai', en.page.ask);
  await expectAnswer(page, ['attention', 'rollout', 'attribution']);
});
