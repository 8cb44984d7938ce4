import { expect, it } from 'vitest';
import { heatSvg } from './heat-svg.ts';

it('draws every cell that has heat, in its place, and keeps the settings', () => {
  const data = Uint8ClampedArray.of(255, 0, 0, 255, 1, 2, 3, 0, 0, 0, 9, 51, 4, 5, 6, 0);
  const text = heatSvg(
    [
      { title: 'a <car>', href: 'data:,x', cells: { width: 2, height: 2, data } },
      { title: 'b', href: 'data:,y', cells: { width: 2, height: 2, data } },
    ],
    '{"a": "&"}',
  );
  expect(text.match(/<rect /g)).toHaveLength(4);
  expect(text).toContain(
    '<rect x="0" y="28" width="160" height="160" fill="rgb(255 0 0)" fill-opacity="1.000"/>',
  );
  // The second panel's lower left cell.
  expect(text).toContain(
    '<rect x="336" y="188" width="160" height="160" fill="rgb(0 0 9)" fill-opacity="0.200"/>',
  );
  expect(text).toContain('a &lt;car&gt;');
  expect(text).toContain('&amp;');
});
