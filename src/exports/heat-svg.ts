import type { Pixels } from '../protocol/image.ts';
import { xml } from './xml.ts';

/** Side of one panel, in the document's units. */
const SIDE = 320;
const GAP = 16;
const TITLE = 28;

/** A heatmap over its picture: coloured cells with their alpha, row by row. */
export interface SvgPanel {
  readonly title: string;
  /** The picture, as a data address. */
  readonly href: string;
  readonly cells: Pixels;
}

/** A stand-alone SVG 1.1 document of heatmaps side by side, each cell a rectangle, with the settings in its metadata. */
export function heatSvg(panels: readonly SvgPanel[], settings: string): string {
  const width = panels.length * SIDE + Math.max(0, panels.length - 1) * GAP;
  const body = panels.map((panel, index) => panelSvg(panel, index * (SIDE + GAP)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${SIDE + TITLE}" width="${width}" height="${SIDE + TITLE}">`,
    `<metadata>${xml(settings)}</metadata>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function panelSvg({ title, href, cells }: SvgPanel, left: number): string {
  const { width, height, data } = cells;
  const [w, h] = [SIDE / width, SIDE / height];
  const rects: string[] = [];
  for (let at = 0; at < width * height; at++) {
    const alpha = data[4 * at + 3]!;
    if (alpha === 0) continue;
    const x = left + (at % width) * w;
    const y = TITLE + Math.floor(at / width) * h;
    const fill = `rgb(${data[4 * at]} ${data[4 * at + 1]} ${data[4 * at + 2]})`;
    rects.push(
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" fill-opacity="${(alpha / 255).toFixed(3)}"/>`,
    );
  }
  return [
    `<text x="${left}" y="18" font-family="sans-serif" font-size="14">${xml(title)}</text>`,
    `<image x="${left}" y="${TITLE}" width="${SIDE}" height="${SIDE}" preserveAspectRatio="none" href="${xml(href)}"/>`,
    ...rects,
  ].join('\n');
}
