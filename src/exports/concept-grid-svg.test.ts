import { expect, test } from 'vitest';
import { conceptGridSvg } from './concept-grid-svg.ts';

const grid = {
  title: 'which <concept>',
  columns: ['picture', 'is'],
  rows: [
    { label: 'Layer 1', cells: ['', ''] },
    { label: 'Layer 2', cells: ['yellow', 'falling'] },
  ],
};

test('a cell is a rectangle with its name, a colour has a dot, texts are escaped', () => {
  const svg = conceptGridSvg([grid], (name) => (name === 'yellow' ? '#fcd834' : undefined), '{"a":1}');
  // The ground and four cells.
  expect(svg.match(/<rect /g)).toHaveLength(5);
  expect(svg.match(/<circle /g)).toHaveLength(1);
  expect(svg).toContain('fill="#fcd834"');
  expect(svg).toContain('>falling</text>');
  expect(svg).toContain('which &lt;concept&gt;');
  expect(svg).toContain('<metadata>{&quot;a&quot;:1}</metadata>');
});

test('two maps stand one below the other; none is refused', () => {
  const height = (svg: string) => Number(/ height="(\d+)"/.exec(svg)?.[1]);
  const one = height(conceptGridSvg([grid], () => undefined, ''));
  expect(height(conceptGridSvg([grid, grid], () => undefined, ''))).toBe(2 * one);
  expect(() => conceptGridSvg([], () => undefined, '')).toThrow('no maps');
});
