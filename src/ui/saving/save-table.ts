import type { ExportBar } from '../../exports/bars.ts';
import { barsSvg, lightStyle } from '../../exports/bars-svg.ts';
import { type Cell, toCsv } from '../../exports/csv.ts';
import { filename } from '../../exports/filename.ts';
import { addPngText, settingsKeyword } from '../../exports/png-text.ts';
import { type Json, type Settings, toJson } from '../../exports/settings.ts';
import { download, hashesOf, textFile } from './download.ts';

export type TableFile = 'png' | 'svg' | 'csv' | 'json';

/** A result as a table, and as a drawing where it has one. */
export interface SavedTable {
  readonly kind: string;
  readonly model: string;
  readonly recipe: string;
  readonly device: string;
  readonly parameters: { readonly [name: string]: Json };
  /** Parts of the file's name. */
  readonly name: readonly (string | number)[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** For PNG and SVG. */
  readonly bars?: { readonly title: string; readonly unit: string; readonly bars: readonly ExportBar[] };
  readonly svg?: (settings: string) => string;
}

export async function saveTable(file: TableFile, saved: SavedTable): Promise<void> {
  const { kind, model, recipe, device, parameters, head, rows } = saved;
  const settings: Settings = {
    kind,
    model,
    sha256: hashesOf(model),
    recipe,
    device,
    link: location.href,
    parameters,
  };
  const name = filename(saved.name, file);
  if (file === 'csv') return download(name, textFile(toCsv(head, rows), 'text/csv'));
  if (file === 'json') {
    const records = rows.map((row) => Object.fromEntries(head.map((column, i) => [column, row[i] ?? null])));
    return download(name, textFile(toJson(settings, records), 'application/json'));
  }
  const drawn = draw(saved, toJson(settings, null));
  if (file === 'svg') return download(name, new Blob([drawn], { type: 'image/svg+xml' }));
  download(name, await rasterise(drawn, toJson(settings, null)));
}

function draw({ svg, bars }: SavedTable, settings: string): string {
  if (svg) return svg(settings);
  if (!bars) throw new RangeError('nothing to draw');
  const values = bars.bars.flatMap(({ value, band }) => [value, band?.low ?? 0, band?.high ?? 0]);
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const domain: readonly [number, number] = low < high ? [low, high] : [0, 1];
  return barsSvg(bars.bars, domain, { ...lightStyle, title: bars.title, unit: bars.unit }, settings);
}

/** Twice the size, with the settings inside. */
export async function rasterise(svg: string, settings: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(2 * image.naturalWidth, 2 * image.naturalHeight);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d canvas');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const plain = await canvas.convertToBlob({ type: 'image/png' });
    const bytes = addPngText(new Uint8Array(await plain.arrayBuffer()), settingsKeyword, settings);
    return new Blob([bytes], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
