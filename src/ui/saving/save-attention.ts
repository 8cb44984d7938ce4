import { colourise } from '../../charts/colourise.ts';
import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { encodeApng } from '../../exports/apng.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { encodeNpz } from '../../exports/npz.ts';
import { addPngText, settingsKeyword } from '../../exports/png-text.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { HeatChoice, Heats, WordHeat } from '../../state/heat.ts';
import type { Finished } from '../../state/run.ts';
import { dataUrl, download, hashesOf, pngFile, textFile } from './download.ts';

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

export type SavedKind = 'png' | 'csv' | 'json' | 'npz' | 'svg' | 'film';

/** Milliseconds of a film's frame, and of its last one. */
const FRAME_MS = 150;
const HOLD_MS = 1500;

/** Saves the lit words' heatmaps; without a lit word the picture (PNG) or all words (figures). */
export async function saveAttention(kind: SavedKind, saved: SavedAttention): Promise<void> {
  const { finished, heats, lit, choice } = saved;
  const { params, result } = finished;
  const settings: Settings = {
    kind: 'heatmap',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: choice.recipe ?? 'daam',
    device: result.device,
    link: location.href,
    parameters: { ...params, ...choice, words: lit.map(({ chip }) => chip.key) },
  };
  const maps = (lit.length > 0 ? lit : heats.words).map(({ chip, map }) => ({ label: chip.key, grid: map }));
  const extension = kind === 'film' ? 'png' : kind;
  const what = kind === 'film' ? 'film' : 'attention';
  const name = filename([what, params.prompt, ...lit.map(({ chip }) => chip.key).slice(0, 3)], extension);
  const unit = choice.recipe === 'outputs' ? 'share' : 'probability';
  if (kind === 'csv') download(name, textFile(heatCsv(maps, unit), 'text/csv'));
  else if (kind === 'json') {
    download(name, textFile(heatJson(maps, unit, heats.uniform, settings), 'application/json'));
  } else if (kind === 'npz') {
    const arrays = {
      image: { dims: [result.image.height, result.image.width, 4], data: result.image.data },
      ...Object.fromEntries(
        result.attention.map(({ site, pattern }) => [site, { dims: pattern.dims, data: pattern.data }]),
      ),
      ...Object.fromEntries(
        result.self.map(({ site, steps, heads, gridHeight, gridWidth, pattern }) => {
          const keys = gridHeight * gridWidth;
          return [site, { dims: [steps.length, heads, keys, keys], data: pattern }];
        }),
      ),
      latents: { dims: [result.film.signal.length, ...result.film.latentDims], data: result.film.latents },
    };
    const about = toJson(settings, { unit: 'probability', self: 'probability x 65535' });
    download(name, new Blob([encodeNpz(arrays, { 'settings.json': about })], { type: 'application/zip' }));
  } else if (kind === 'film') {
    const frames = finished.trail.flatMap(({ preview }) => (preview ? [preview] : []));
    const film = encodeApng(frames.length > 0 ? frames : [result.image], FRAME_MS, HOLD_MS);
    const bytes = addPngText(film, settingsKeyword, toJson(settings, null));
    download(name, new Blob([bytes], { type: 'image/png' }));
  } else if (kind === 'svg') {
    const href = await dataUrl(result.image);
    const panels = (lit.length > 0 ? lit : heats.words).map(({ chip, map }) => ({
      title: chip.text,
      href,
      cells: colourise(map, saved.scale, saved.opacity),
    }));
    download(name, new Blob([heatSvg(panels, toJson(settings, null))], { type: 'image/svg+xml' }));
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
