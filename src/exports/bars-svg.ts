import type { ExportBar } from './bars.ts';
import { svgDocument } from './svg-document.ts';
import { xml } from './xml.ts';

/** Colours and words of an SVG; a file cannot ask the page's theme. */
export interface SvgStyle {
  readonly title: string;
  readonly unit: string;
  readonly ink: string;
  readonly surface: string;
  readonly accent: string;
  readonly band: string;
}

export const lightStyle = { ink: '#1d2126', surface: '#ffffff', accent: '#2f6fde', band: '#d9dde2' } as const;

const row = 24;
const labels = 160;
const plot = 320;
const values = 72;
const margin = 12;

/**
 * A stand-alone SVG 1.1 document of horizontal bars from zero over their null bands, with the settings in its metadata. `domain`
 * is the value interval of the plot: values beyond are cut at its edge. Throws RangeError unless it ascends.
 */
export function barsSvg(
  bars: readonly ExportBar[],
  domain: readonly [number, number],
  style: SvgStyle,
  settings: string,
): string {
  const [low, high] = domain;
  if (!(low < high)) throw new RangeError(`svg: domain ${low} to ${high}`);
  const at = (value: number) => labels + plot * Math.min(1, Math.max(0, (value - low) / (high - low)));
  const width = labels + plot + values;
  const head = row + margin;
  const height = head + bars.length * row + margin;
  const parts = bars.map(({ label, value, band }, i) => {
    const top = head + i * row;
    const finite = Number.isFinite(value);
    const inside = band !== undefined && value >= band.low && value <= band.high;
    const start = Math.min(at(0), at(finite ? value : 0));
    const length = Math.abs(at(finite ? value : 0) - at(0));
    const fill = inside ? style.ink : style.accent;
    return [
      band && rect(at(band.low), top + 2, at(band.high) - at(band.low), row - 4, style.band, 1),
      rect(start, top + 6, length, row - 12, fill, inside ? 0.45 : 1),
      text(labels - 8, top + row / 2, label, style.ink, 'end'),
      text(width - 8, top + row / 2, finite ? value.toFixed(3) : '–', style.ink, 'end'),
    ]
      .filter(Boolean)
      .join('\n');
  });
  return svgDocument({ width, height, title: style.title, settings, font: 13, tabular: true }, [
    rect(0, 0, width, height, style.surface, 1),
    text(8, row / 2 + 4, style.title, style.ink, 'start'),
    text(width - 8, row / 2 + 4, style.unit, style.ink, 'end'),
    ...parts,
    rect(at(0) - 0.5, head, 1, bars.length * row, style.ink, 1),
  ]);
}

function rect(x: number, y: number, width: number, height: number, fill: string, opacity: number): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${xml(fill)}" opacity="${opacity}"/>`;
}

function text(x: number, y: number, content: string, fill: string, anchor: 'start' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${xml(fill)}" text-anchor="${anchor}" dominant-baseline="central">${xml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
