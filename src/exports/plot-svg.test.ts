import { describe, expect, it } from 'vitest';
import { picturesSvg } from './pictures-svg.ts';
import { plotSvg } from './plot-svg.ts';

describe('plotSvg', () => {
  const svg = plotSvg(
    {
      title: 'Activation <inside>',
      ticks: [{ x: 0, label: '0' }],
      areas: [{ path: 'M0 100V50H100V100Z', fill: '#123456' }],
      dots: [{ x: 50, y: 25 }],
      marks: [{ x: 90, label: 'threshold' }],
      legend: [{ label: 'inside', colour: '#123456' }],
    },
    '{"kind":"unit & more"}',
  );

  it('stretches the box to the drawing: half way is the middle', () => {
    expect(svg).toContain('<circle cx="320" cy="114" r="3.5"');
    expect(svg).toContain('scale(6 2)" d="M0 100V50H100V100Z"');
  });

  it('says what it is, its settings inside, nothing unescaped, words kept within', () => {
    expect(svg).toContain('<title>Activation &lt;inside&gt;</title>');
    expect(svg).toContain('<metadata>{&quot;kind&quot;:&quot;unit &amp; more&quot;}</metadata>');
    expect(svg).toMatch(/<text x="560"[^>]*text-anchor="end"[^>]*>threshold/);
  });
});

describe('picturesSvg', () => {
  it('puts pictures beside each other, titles and lines below', () => {
    const pictures = ['a', 'b'].map((title) => ({ title, source: `data:image/png;base64,${title}` }));
    const svg = picturesSvg(pictures, { title: 't', lines: ['one', 'two'] }, '{}');
    expect(svg.match(/<image x="(\d+)"/g)).toEqual(['<image x="14"', '<image x="270"']);
    expect(svg).toContain('width="524"');
    for (const word of ['>a<', '>b<', '>one<', '>two<']) expect(svg).toContain(word);
    expect(() => picturesSvg([], { title: '', lines: [] }, '')).toThrow(RangeError);
  });
});
