import { svgDocument, svgGround } from './svg-document.ts';
import { xml } from './xml.ts';

/** A map of named cells as it leaves: one panel a picture. */
export interface SvgGrid {
  readonly title: string;
  readonly columns: readonly string[];
  /** Cells of each row (layer) with their concept; empty where none leaves the null band. */
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
}

const cell = 74;
const row = 24;
const labels = 80;
const margin = 12;

/**
 * A stand-alone SVG 1.1 document of concept maps, one below the other, with the settings in its metadata. `swatch` gives a concept that
 * names a colour its dot. Throws RangeError for no maps.
 */
export function conceptGridSvg(
  grids: readonly SvgGrid[],
  swatch: (concept: string) => string | undefined,
  settings: string,
): string {
  const [first] = grids;
  if (!first) throw new RangeError('svg: no maps');
  const width = labels + cell * Math.max(...grids.map(({ columns }) => columns.length)) + margin;
  let top = 0;
  const parts: string[] = [];
  for (const grid of grids) {
    parts.push(text(margin, top + row / 2 + 4, grid.title, '#1d1a16'));
    const head = top + row + 4;
    grid.columns.forEach((name, column) => {
      parts.push(text(labels + column * cell + 4, head + row / 2, name, '#5d574d'));
    });
    grid.rows.forEach(({ label, cells }, index) => {
      const y = head + (index + 1) * row;
      parts.push(text(margin, y + row / 2, label, '#5d574d'));
      cells.forEach((concept, column) => {
        const x = labels + column * cell;
        const fill = concept === '' ? '#e2dcd0' : '#f6f3ee';
        parts.push(
          `<rect x="${x}" y="${y + 1}" width="${cell - 2}" height="${row - 2}" rx="3" fill="${fill}"/>`,
        );
        const dot = concept === '' ? undefined : swatch(concept);
        if (dot !== undefined) {
          parts.push(
            `<circle cx="${x + 10}" cy="${y + row / 2}" r="4.5" fill="${xml(dot)}" stroke="#8f877a"/>`,
          );
        }
        parts.push(
          text(x + (dot === undefined ? 6 : 19), y + row / 2, concept === '' ? '·' : concept, '#1d1a16'),
        );
      });
    });
    top = head + (grid.rows.length + 1) * row + margin;
  }
  return svgDocument({ width, height: top, title: first.title, settings, font: 12 }, [
    svgGround(width, top),
    ...parts,
  ]);
}

function text(x: number, y: number, content: string, fill: string): string {
  return `<text x="${x}" y="${y}" fill="${fill}" dominant-baseline="central">${xml(content)}</text>`;
}
