import { expect, type Locator, type Page } from '@playwright/test';
import { en } from '../../src/text/en.ts';

/** Steps of runs that are about behaviour, not about pictures. */
export const FEW_STEPS = 4;

/** Address of a view with some of its fields. */
export function link(
  view: 'attention' | 'concepts' | 'neurons' | 'models',
  fields: Readonly<Record<string, string | number>> = {},
): string {
  const parameters = new URLSearchParams({ view });
  for (const [name, value] of Object.entries(fields)) parameters.set(name, String(value));
  return `/#${parameters}`;
}

export function attention(fields: Readonly<Record<string, string | number>> = {}): string {
  return link('attention', { steps: FEW_STEPS, ...fields });
}

/** The button that starts a view's run, which is there only while nothing runs. */
const starter = { attention: en.run.generate, concepts: en.concepts.explain, neurons: en.neurons.dissect };

/** Waits for the result of the view that is shown. */
export async function finished(page: Page, view: keyof typeof starter = 'attention'): Promise<void> {
  await expect(page.getByText(/Computed here on (WASM|WebGPU) in/)).toBeVisible();
  await expect(page.getByRole('button', { name: starter[view], exact: true })).toBeEnabled();
}

/** A word of the prompt, by what stands on it: under the word may stand its figure. */
export function chip(page: Page, word: string, occurrence = 0): Locator {
  return page
    .getByRole('region', { name: en.attention.words })
    .getByRole('button', { name: new RegExp(`^${word}(\\s|$|[\\d.])`) })
    .nth(occurrence);
}

/** The picture of the exhibit with the heat of a word over it, or none. */
export function exhibit(page: Page): Locator {
  return page.getByRole('region', { name: en.page.exhibit }).getByRole('application');
}

export function heatOf(page: Page, word: string): Locator {
  return page.getByRole('application', { name: en.attention.mapOf({ word }), exact: true });
}

/** SHA-256 of a canvas's pixels. `within` is the canvas or holds it. */
export async function fingerprint(within: Locator): Promise<string> {
  await expect(within).toBeVisible();
  return within.evaluate(async (element) => {
    const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('no canvas');
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const digest = await crypto.subtle.digest('SHA-256', data);
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

/** What the page says is wrong, with its error label. */
export function alert(page: Page, text: string | RegExp): Locator {
  return page.getByRole('alert').filter({ hasText: text });
}

/** A text of the catalogue with its parameters as `.*`. */
export function anyOf<K extends string>(
  text: (parameters: Record<K, never>) => string,
  ...names: readonly K[]
): RegExp {
  const mark = '@@';
  const values = Object.fromEntries(names.map((name) => [name, mark])) as Record<K, never>;
  const escaped = text(values).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replaceAll(mark, '.*'), 's');
}
