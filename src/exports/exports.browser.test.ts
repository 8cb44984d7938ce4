import { expect, it } from 'vitest';
import { barsSvg, lightStyle } from './bars-svg.ts';
import { addPngText, readPngText, settingsKeyword } from './png-text.ts';

it('a canvas PNG with settings still opens, pixels unchanged', async () => {
  const canvas = new OffscreenCanvas(6, 4);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#336699';
  context.fillRect(0, 0, 3, 4);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  const out = addPngText(bytes, settingsKeyword, '{"seed":7}');
  expect(readPngText(out, settingsKeyword)).toBe('{"seed":7}');
  const bitmap = await createImageBitmap(new Blob([out], { type: 'image/png' }));
  const reopened = new OffscreenCanvas(6, 4).getContext('2d')!;
  reopened.drawImage(bitmap, 0, 0);
  expect(reopened.getImageData(0, 0, 6, 4).data).toEqual(context.getImageData(0, 0, 6, 4).data);
});

it('the SVG is well-formed', () => {
  const bars = [{ label: '"<&>\'', value: 0.5, band: { low: 0, high: 1, samples: 3 } }];
  const svg = barsSvg(bars, [0, 1], { ...lightStyle, title: 'T & t', unit: '<u>' }, '{"a":"<b>"}');
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(document.querySelector('parsererror')).toBeNull();
  expect(document.documentElement.namespaceURI).toBe('http://www.w3.org/2000/svg');
  expect(document.querySelector('metadata')?.textContent).toBe('{"a":"<b>"}');
  expect([...document.querySelectorAll('text')].map((text) => text.textContent)).toContain('"<&>\'');
});
