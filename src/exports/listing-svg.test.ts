import { describe, expect, it } from 'vitest';
import { listingSvg } from './listing-svg.ts';

const columns = [
  { label: 'Caption', width: 100, align: 'start' },
  { label: 'Cosine', width: 60, align: 'end' },
] as const;

/** x, anchor and content of every text. */
function textsOf(svg: string) {
  return [...svg.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)</g)].map(
    ([, x, anchor, content]) => [Number(x), anchor, content],
  );
}

describe('listingSvg', () => {
  it('puts each cell at its column, words from the left and figures to the right', () => {
    const svg = listingSvg({ title: 'a < b', columns, rows: [{ cells: ['a car', '0.5'] }] }, '{"a":1}');
    expect(textsOf(svg)).toEqual([
      [12, 'start', 'a &lt; b'],
      [12, 'start', 'Caption'],
      [160, 'end', 'Cosine'],
      [12, 'start', 'a car'],
      [160, 'end', '0.5'],
    ]);
    expect(svg).toContain('<metadata>{&quot;a&quot;:1}</metadata>');
  });

  it('makes room for pictures, and for a note below', () => {
    const rows = [{ picture: 'data:image/png;base64,AA', cells: ['x', '1'] }, { cells: ['y', '2'] }];
    const svg = listingSvg({ title: 't', columns, rows, note: '2 of 9' }, '{}');
    expect([...svg.matchAll(/<image x="12"/g)]).toHaveLength(1);
    expect(textsOf(svg).map(([x]) => x)).toEqual([12, 68, 216, 68, 216, 68, 216, 12]);
    expect(svg).toContain('height="200"');
  });

  it('ends in an ellipsis what the column cannot hold, wide letters sooner', () => {
    const rows = [{ cells: ['abcdefghijklmnopqrstuvwxyz', ''] }, { cells: ['紅綠藍黃紫白黑灰', ''] }];
    const [, , , latin, , wide] = textsOf(listingSvg({ title: '', columns, rows }, '{}'));
    // 88 units: thirteen letters of 6.6, six of 13.2; the last gives its place to the ellipsis.
    expect(latin?.[2]).toBe('abcdefghijkl…');
    expect(wide?.[2]).toBe('紅綠藍黃紫…');
  });

  it('refuses to draw nothing', () => {
    expect(() => listingSvg({ title: '', columns, rows: [] }, '{}')).toThrow('no rows');
  });
});
