import type { Locator, Page } from '@playwright/test';
import { en } from '../../src/text/en.ts';
import type { HubServer } from './hub-server.ts';
import { link } from './page.ts';

const words = en.models;

/** The Models page with this hub as its mirror. */
export async function openModels(page: Page, hub: HubServer): Promise<void> {
  await page.goto(link('models'));
  await page.getByText(words.settings, { exact: true }).click();
  await page.getByLabel(words.mirror, { exact: true }).fill(hub.base);
}

export async function askFor(page: Page, place: string): Promise<void> {
  await page.getByLabel(words.place, { exact: true }).fill(place);
  await page.getByRole('button', { name: words.ask, exact: true }).first().click();
}

export function priceCard(page: Page): Locator {
  return page.getByRole('region', { name: words.price });
}

/** Drops files, or the files of a folder side by side, as a visitor would. */
export async function dropFiles(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<void> {
  const transfer = await page.evaluateHandle(() => new DataTransfer());
  for (const { name, bytes } of files) {
    await transfer.evaluate(
      (target, [fileName, content]) => {
        const binary = atob(content);
        const data = Uint8Array.from(binary, (character) => character.charCodeAt(0));
        target.items.add(new File([data], fileName));
      },
      [name, bytes.toString('base64')] as const,
    );
  }
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
