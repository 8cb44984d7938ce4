import { svgDocument, svgGround } from './svg-document.ts';
import { xml } from './xml.ts';

/** A plot as it leaves. Places lie in a box of 100 x 100 units, y downward, which is stretched to the drawing. */
export interface ExportPlot {
  readonly title: string;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Areas as SVG paths in units of the box. */
  readonly areas?: readonly { readonly path: string; readonly fill: string }[];
  readonly dots?: readonly { readonly x: number; readonly y: number }[];
  /** Upright lines with a name. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  readonly legend: readonly { readonly label: string; readonly colour: string }[];
}

const margin = 20;
const plot = { width: 600, height: 200 } as const;
const head = 64;
const foot = 34;
const ink = '#1d1a16';
const dot = '#8d867a';

/** A stand-alone SVG 1.1 document of areas, dots and marks over one axis, with a legend and the settings in its metadata. */
export function plotSvg(
  { title, ticks, areas = [], dots = [], marks = [], legend }: ExportPlot,
  settings: string,
): string {
  const width = plot.width + 2 * margin;
  const height = head + plot.height + foot;
  const scale = { x: plot.width / 100, y: plot.height / 100 };
  const at = (x: number) => round(margin + scale.x * x);
  const ground = head + plot.height;
  let key = margin;
  const keys = legend.map(({ label, colour }) => {
    const drawn = `<rect x="${key}" y="31" width="10" height="10" fill="${xml(colour)}"/>${text(key + 15, 36, label)}`;
    key += 30 + 7.5 * label.length;
    return drawn;
  });
  const parts = [
    ...areas.map(
      ({ path, fill }) =>
        `<path transform="translate(${margin} ${head}) scale(${scale.x} ${scale.y})" d="${xml(path)}" fill="${xml(fill)}" fill-opacity="0.55"/>`,
    ),
    ...dots.map(
      ({ x, y }) => `<circle cx="${at(x)}" cy="${round(head + scale.y * y)}" r="3.5" fill="${dot}"/>`,
    ),
    ...marks.map(({ x, label }) =>
      [
        `<line x1="${at(x)}" x2="${at(x)}" y1="${head - 4}" y2="${ground}" stroke="${ink}" stroke-width="1.5" stroke-dasharray="4 3"/>`,
        text(at(x), head - 12, label, x > 80 ? 'end' : x < 20 ? 'start' : 'middle'),
      ].join('\n'),
    ),
    `<line x1="${margin}" x2="${margin + plot.width}" y1="${ground}" y2="${ground}" stroke="${ink}"/>`,
    ...ticks.map(({ x, label }) => text(at(x), ground + 16, label, 'middle')),
  ];
  return svgDocument({ width, height, title, settings, font: 13, tabular: true }, [
    svgGround(width, height),
    text(margin, 16, title),
    ...keys,
    ...parts,
  ]);
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${y}" fill="${ink}" text-anchor="${anchor}" dominant-baseline="central">${xml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
