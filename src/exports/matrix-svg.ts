import { svgDocument, svgGround } from './svg-document.ts';
import { xml } from './xml.ts';

/** A table of figures as it leaves: rows by columns, tinted by value; what means nothing is grey. */
export interface SvgMatrix {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly cells: readonly {
      readonly text: string;
      /** -1 to 1; 0 is untinted. */
      readonly strength: number;
      readonly inside: boolean;
    }[];
  }[];
}

const cell = 64;
const row = 24;
const labels = 150;
const margin = 12;

/** A stand-alone SVG 1.1 document, with the settings in its metadata. Throws RangeError for no rows. */
export function matrixSvg({ title, columns, rows }: SvgMatrix, settings: string): string {
  if (rows.length === 0) throw new RangeError('svg: no rows');
  const width = labels + columns.length * cell + margin;
  const head = 2 * row + margin;
  const height = head + rows.length * row + margin;
  const parts = [
    text(margin, row / 2 + 4, title, 'start'),
    ...columns.map((name, column) => text(labels + (column + 0.5) * cell, row * 1.5 + 8, name, 'middle')),
    ...rows.flatMap(({ label, cells }, index) => {
      const top = head + index * row;
      return [
        text(labels - 8, top + row / 2, label, 'end'),
        ...cells.map((entry, column) => {
          const x = labels + column * cell;
          const ground = `<rect x="${x}" y="${top + 1}" width="${cell - 2}" height="${row - 2}" fill="${fillOf(entry)}"/>`;
          return `${ground}${text(x + cell / 2 - 1, top + row / 2, entry.text, 'middle')}`;
        }),
      ];
    }),
  ];
  return svgDocument({ width, height, title, settings, font: 12, tabular: true }, [
    svgGround(width, height),
    ...parts,
  ]);
}

/** At most 55% of the hue over white, so that figures stay readable. */
function fillOf({ strength, inside }: SvgMatrix['rows'][number]['cells'][number]): string {
  if (inside) return '#e2dcd0';
  const hue = strength < 0 ? [44, 95, 138] : [154, 59, 34];
  const share = 0.55 * Math.min(1, Math.abs(strength));
  const mixed = hue.map((value) => Math.round(255 + (value - 255) * share));
  return `rgb(${mixed.join(' ')})`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" fill="#1d1a16" text-anchor="${anchor}" dominant-baseline="central">${xml(content)}</text>`;
}
