import { expect, test } from 'vitest';
import { matrixSvg } from './matrix-svg.ts';

test('a rectangle a cell: grey inside of the null, tinted by sign and strength elsewhere', () => {
  const svg = matrixSvg(
    {
      title: 'a < b',
      columns: ['1', '2', '3'],
      rows: [
        {
          label: 'red',
          cells: [
            { text: '0.1', strength: 0.9, inside: true },
            { text: '+0.5', strength: 1, inside: false },
            { text: '-0.5', strength: -1, inside: false },
          ],
        },
      ],
    },
    '{}',
  );
  const fills = [...svg.matchAll(/height="22" fill="([^"]+)"/g)].map(([, fill]) => fill);
  // 55% of the way from white to (154, 59, 34) and to (44, 95, 138).
  expect(fills).toEqual(['#e2dcd0', 'rgb(199 147 133)', 'rgb(139 167 191)']);
  expect(svg).toContain('<title>a &lt; b</title>');
  expect(() => matrixSvg({ title: '', columns: [], rows: [] }, '')).toThrow('no rows');
});
