import type { Locator, Page } from '@playwright/test';
import { en } from '../../src/text/en.ts';

/** Presses one of the Save buttons, the first, or that of the part `within`; the file that the browser was given. */
export async function save(
  page: Page,
  kind: 'PNG' | 'SVG' | 'CSV' | 'JSON',
  within: Locator | Page = page,
): Promise<{ readonly name: string; readonly path: string }> {
  const arrives = page.waitForEvent('download');
  await within
    .getByRole('group', { name: en.exports.label })
    .first()
    .getByRole('button', { name: kind, exact: true })
    .click();
  const file = await arrives;
  return { name: file.suggestedFilename(), path: await file.path() };
}
