import { svgDocument, svgGround } from './svg-document.ts';
import { xml } from './xml.ts';

/** A table of words and figures as it leaves, each row with a picture before it where it has one. */
export interface SvgListing {
  readonly title: string;
  readonly columns: readonly SvgColumn[];
  readonly rows: readonly {
    /** As a data address. */
    readonly picture?: string;
    readonly cells: readonly string[];
  }[];
  /** Below the table: what of the whole is shown. */
  readonly note?: string;
}

export interface SvgColumn {
  readonly label: string;
  /** In the document's units, about eight a letter. */
  readonly width: number;
  readonly align: 'start' | 'end';
}

const low = 24;
const high = 52;
const side = 44;
const margin = 12;
const letter = 6.6;

/** A stand-alone SVG 1.1 document, with the settings in its metadata. Texts that a column cannot hold end in an ellipsis. Throws RangeError for no rows. */
export function listingSvg({ title, columns, rows, note }: SvgListing, settings: string): string {
  if (rows.length === 0) throw new RangeError('svg: no rows');
  const pictured = rows.some(({ picture }) => picture !== undefined);
  const first = margin + (pictured ? side + margin : 0);
  const lefts = columns.map((_, i) => columns.slice(0, i).reduce((sum, { width }) => sum + width, first));
  const width = columns.reduce((sum, column) => sum + column.width, first) + margin;
  const row = pictured ? high : low;
  const head = 2 * low + margin;
  const height = head + rows.length * row + (note === undefined ? 0 : low) + margin;
  const cells = (values: readonly string[], middle: number, fill: string): string =>
    columns
      .map(({ align, width: room }, i) => {
        const x = align === 'start' ? lefts[i]! : lefts[i]! + room - margin;
        return text(x, middle, cut(values[i] ?? '', room - margin), align, fill);
      })
      .join('\n');
  const parts = [
    text(margin, low / 2 + 4, title, 'start', '#1d1a16'),
    cells(
      columns.map(({ label }) => label),
      low * 1.5 + 8,
      '#5f574b',
    ),
    ...rows.map(({ picture, cells: values }, index) => {
      const top = head + index * row;
      return [
        `<rect x="${margin}" y="${top}" width="${width - 2 * margin}" height="1" fill="#e2dcd0"/>`,
        picture &&
          `<image x="${margin}" y="${top + (row - side) / 2}" width="${side}" height="${side}" href="${xml(picture)}"/>`,
        cells(values, top + row / 2, '#1d1a16'),
      ]
        .filter(Boolean)
        .join('\n');
    }),
    note === undefined ? '' : text(margin, height - low / 2 - 4, note, 'start', '#5f574b'),
  ];
  return svgDocument({ width, height, title, settings, font: 12, tabular: true }, [
    svgGround(width, height),
    ...parts,
  ]);
}

/** A wide letter takes two places. */
function cut(content: string, room: number): string {
  let used = 0;
  let kept = '';
  for (const char of content) {
    used += /[\u2E80-\uFFEF]/.test(char) ? 2 * letter : letter;
    if (used > room) return `${kept.slice(0, -1)}…`;
    kept += char;
  }
  return kept;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end', fill: string): string {
  return `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" dominant-baseline="central">${xml(content)}</text>`;
}
