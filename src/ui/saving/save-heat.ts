import { colourise } from '../../charts/colourise.ts';
import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { Pixels } from '../../protocol/image.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { dataUrl, download, hashesOf, pngFile, textFile } from './download.ts';

const SIDE = 768;
const OPACITY = 0.75;

export interface SavedHeat {
  readonly image: Pixels;
  readonly grid: Grid;
  readonly scale: HeatScale;
  readonly label: string;
  readonly unit: string;
  /** Upper end of what means nothing. */
  readonly baseline: number;
  readonly settings: Omit<Settings, 'sha256' | 'link'>;
  /** Parts of the file's name. */
  readonly name: readonly (string | number)[];
}

/** One map as it is laid over the picture. */
export async function saveHeat(kind: 'png' | 'svg' | 'csv' | 'json', saved: SavedHeat): Promise<void> {
  const { image, grid, scale, label, unit, baseline } = saved;
  const settings: Settings = {
    ...saved.settings,
    sha256: hashesOf(saved.settings.model),
    link: location.href,
  };
  const maps = [{ label, grid }];
  const name = filename(saved.name, kind);
  if (kind === 'csv') return download(name, textFile(heatCsv(maps, unit), 'text/csv'));
  if (kind === 'json') {
    return download(name, textFile(heatJson(maps, unit, baseline, settings), 'application/json'));
  }
  if (kind === 'svg') {
    const panel = { title: label, href: await dataUrl(image), cells: colourise(grid, scale, OPACITY) };
    return download(name, textFile(heatSvg([panel], toJson(settings, null)), 'image/svg+xml'));
  }
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  drawHeatmap(context, { width: SIDE, height: SIDE }, image, { grid, scale, opacity: OPACITY, smooth: true });
  download(name, await pngFile(canvas, settings));
}
