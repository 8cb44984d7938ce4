import { expect, it } from 'vitest';
import { barsSvg, lightStyle } from './bars-svg.ts';

const bars = [
  { label: 'cats & <dogs>', value: 0.5, band: { low: -0.25, high: 0.25, samples: 9 } },
  { label: 'tree', value: -0.2, band: { low: -0.25, high: 0.25, samples: 9 } },
  { label: 'none', value: Number.NaN },
];
const style = { ...lightStyle, title: 'Concepts', unit: 'cosine' };
const svg = barsSvg(bars, [-0.5, 0.5], style, '{"seed":7}');

it('draws bars from zero over their bands', () => {
  // The plot spans x = 160 to 480; zero lies at 320. Surface, then per bar: band, bar; then the zero line.
  const rects = [...svg.matchAll(/<rect x="([^"]+)" y="[^"]+" width="([^"]+)" .*?fill="([^"]+)"/g)].map(
    (match) => [Number(match[1]), Number(match[2]), match[3]],
  );
  expect(rects).toEqual([
    [0, 552, lightStyle.surface],
    [240, 160, lightStyle.band],
    [320, 160, lightStyle.accent],
    [240, 160, lightStyle.band],
    [256, 64, lightStyle.ink],
    [320, 0, lightStyle.accent],
    [319.5, 1, lightStyle.ink],
  ]);
});

it('escapes what it is given and carries its settings', () => {
  expect(svg).toContain('>cats &amp; &lt;dogs&gt;</text>');
  expect(svg).toContain('<metadata>{&quot;seed&quot;:7}</metadata>');
  expect(svg).toContain('>0.500</text>');
  expect(svg).toContain('>–</text>');
  expect(barsSvg([{ label: 'a\u0000b\u0007', value: 1 }], [0, 1], style, '')).toContain('>ab</text>');
});

it('refuses an empty domain', () => {
  expect(() => barsSvg(bars, [1, 1], style, '')).toThrow('svg: domain 1 to 1');
});
