import { svgDocument, svgGround } from './svg-document.ts';
import { xml } from './xml.ts';

const side = 240;
const gap = 16;
const margin = 14;
const head = 34;
const line = 20;

/** Pictures beside each other with their titles, a line of words below, and the settings in its metadata. `source` is a data address. */
export function picturesSvg(
  pictures: readonly { readonly title: string; readonly source: string }[],
  texts: { readonly title: string; readonly lines: readonly string[] },
  settings: string,
): string {
  if (pictures.length === 0) throw new RangeError('svg: no pictures');
  const width = 2 * margin + pictures.length * side + (pictures.length - 1) * gap;
  const height = head + side + line * (texts.lines.length + 1) + 2 * margin;
  const body = pictures.map(({ title, source }, i) => {
    const x = margin + i * (side + gap);
    return `<image x="${x}" y="${head}" width="${side}" height="${side}" href="${xml(source)}"/>
${text(x, head + side + line / 2 + 4, title)}`;
  });
  const words = texts.lines.map((content, i) =>
    text(margin, head + side + line * (i + 1.5) + margin, content),
  );
  return svgDocument({ width, height, title: texts.title, settings, font: 13 }, [
    svgGround(width, height),
    text(margin, head / 2, texts.title),
    ...body,
    ...words,
  ]);
}

function text(x: number, y: number, content: string): string {
  return `<text x="${x}" y="${y}" fill="#1d1a16" dominant-baseline="central">${xml(content)}</text>`;
}
