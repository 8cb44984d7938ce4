import type { Page } from '@playwright/test';
import { en } from '../../src/text/en.ts';

/** Presses one of the Save buttons; the file that the browser was given. */
export async function save(
  page: Page,
  kind: 'PNG' | 'CSV' | 'JSON',
): Promise<{ readonly name: string; readonly path: string }> {
  const arrives = page.waitForEvent('download');
  await page
    .getByRole('group', { name: en.exports.label })
    .getByRole('button', { name: kind, exact: true })
    .click();
  const file = await arrives;
  return { name: file.suggestedFilename(), path: await file.path() };
}
