import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import type { Settings } from '../../exports/settings.ts';
import type { HeatChoice, Heats, WordHeat } from '../../state/heat.ts';
import type { Finished } from '../../state/run.ts';
import { download, hashesOf, pngFile, textFile } from './download.ts';

/** Pixels of one map's side in a saved picture. */
const SIDE = 768;
const GAP = 24;

export interface SavedAttention {
  readonly finished: Finished<'generate'>;
  readonly heats: Heats;
  readonly lit: readonly WordHeat[];
  readonly choice: HeatChoice;
  readonly scale: HeatScale;
  /** 0 to 1. */
  readonly opacity: number;
}

/** Saves the lit words' heatmaps; without a lit word the picture (PNG) or all words (figures). */
export async function saveAttention(kind: 'png' | 'csv' | 'json', saved: SavedAttention): Promise<void> {
  const { finished, heats, lit, choice } = saved;
  const { params, result } = finished;
  const settings: Settings = {
    kind: 'heatmap',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'daam',
    device: result.device,
    link: location.href,
    parameters: { ...params, ...choice, words: lit.map(({ chip }) => chip.key) },
  };
  const maps = (lit.length > 0 ? lit : heats.words).map(({ chip, map }) => ({ label: chip.key, grid: map }));
  const name = filename(['attention', params.prompt, ...lit.map(({ chip }) => chip.key).slice(0, 3)], kind);
  const unit = 'probability';
  if (kind === 'csv') download(name, textFile(heatCsv(maps, unit), 'text/csv'));
  else if (kind === 'json') {
    download(name, textFile(heatJson(maps, unit, heats.uniform, settings), 'application/json'));
  } else download(name, await pngFile(draw(saved), settings));
}

/** The maps side by side, as they stand on the page. */
function draw({ finished, lit, scale, opacity }: SavedAttention): OffscreenCanvas {
  const count = Math.max(1, lit.length);
  const canvas = new OffscreenCanvas(count * SIDE + (count - 1) * GAP, SIDE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  const tile = new OffscreenCanvas(SIDE, SIDE);
  const inner = tile.getContext('2d');
  if (!inner) throw new Error('no 2d canvas');
  const size = { width: SIDE, height: SIDE };
  for (let at = 0; at < count; at += 1) {
    const map = lit[at]?.map;
    drawHeatmap(inner, size, finished.result.image, map && { grid: map, scale, opacity, smooth: true });
    context.drawImage(tile, at * (SIDE + GAP), 0);
  }
  return canvas;
}
