import { svgDocument } from './svg-document.ts';
import { xml } from './xml.ts';

/** A stacked bar as it leaves: named parts with their colours, and the baseline behind them. */
export interface ExportStack {
  readonly label: string;
  readonly parts: readonly { readonly label: string; readonly value: number; readonly colour: string }[];
  readonly baseline?: number | undefined;
}

const row = 26;
const labels = 210;
const plot = 380;
const figures = 130;
const margin = 14;

/**
 * A stand-alone SVG 1.1 document of stacked bars over their grey baselines, values in percent, with a legend and the settings in its
 * metadata; `baseline` names the grey ones, and is empty where there are none. Throws RangeError for no bars.
 */
export function stackSvg(
  bars: readonly ExportStack[],
  texts: { readonly title: string; readonly baseline: string },
  settings: string,
): string {
  if (bars.length === 0) throw new RangeError('svg: no bars');
  const total = ({ parts }: ExportStack) => parts.reduce((sum, { value }) => sum + value, 0);
  const full = Math.max(1e-9, ...bars.map((bar) => Math.max(total(bar), bar.baseline ?? 0)));
  const scale = plot / full;
  const width = labels + plot + figures;
  const legend = legendOf(bars);
  const head = 2 * row + margin;
  const height = head + bars.length * row + margin;
  const body = bars.map((bar, i) => {
    const top = head + i * row;
    let x = labels;
    const parts = bar.parts.map(({ value, colour }) => {
      const drawn = rect(x, top + 6, value * scale, row - 12, colour);
      x += value * scale;
      return drawn;
    });
    const figure = `${percent(total(bar))}${bar.baseline === undefined ? '' : ` (${percent(bar.baseline)})`}`;
    return [
      bar.baseline === undefined ? '' : rect(labels, top + 2, bar.baseline * scale, row - 4, '#dcd6ca'),
      ...parts,
      text(labels - 10, top + row / 2, bar.label, 'end'),
      text(width - 8, top + row / 2, figure, 'end'),
    ].join('\n');
  });
  let at = 8;
  const baseline = texts.baseline === '' ? [] : [{ label: texts.baseline, colour: '#dcd6ca' }];
  const keys = [...legend, ...baseline].map(({ label, colour }) => {
    const drawn = `${rect(at, row + 8, 10, 10, colour)}${text(at + 15, row + 13, label, 'start')}`;
    at += 30 + 8 * label.length;
    return drawn;
  });
  return svgDocument({ width, height, title: texts.title, settings, font: 13, tabular: true }, [
    rect(0, 0, width, height, '#ffffff'),
    text(8, row / 2 + 4, texts.title, 'start'),
    ...keys,
    ...body,
  ]);
}

function legendOf(
  bars: readonly ExportStack[],
): readonly { readonly label: string; readonly colour: string }[] {
  const parts = bars.flatMap((bar) => bar.parts);
  return [...new Map(parts.map(({ label, colour }) => [label, { label, colour }])).values()];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${xml(fill)}"/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="#1d1a16" text-anchor="${anchor}" dominant-baseline="central">${xml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
