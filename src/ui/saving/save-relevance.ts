import { colourise } from '../../charts/colourise.ts';
import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { WordRelevance } from '../../protocol/jobs.ts';
import type { Finished } from '../../state/run.ts';
import { dataUrl, download, hashesOf, pngFile, textFile } from './download.ts';

const SIDE = 768;
const OPACITY = 0.75;

export interface SavedRelevance {
  readonly finished: Finished<'explain'>;
  readonly word: string;
  readonly relevance: WordRelevance;
  readonly scale: HeatScale;
}

/** The shown word's patches, as they are laid over the picture, with the band of random words. */
export async function saveRelevance(
  kind: 'png' | 'svg' | 'csv' | 'json',
  { finished, word, relevance, scale }: SavedRelevance,
): Promise<void> {
  const { params, result } = finished;
  const { patches, band } = relevance;
  const settings: Settings = {
    kind: 'patch-relevance',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'text-relevance',
    device: result.device,
    link: location.href,
    parameters: {
      image: params.image.kind === 'scene' ? `scene ${params.image.seed}` : 'upload',
      prompt: params.prompt,
      word,
      without: params.without.map(({ layer, head }) => `${layer}.${head}`),
      nullLow: band.low,
      nullHigh: band.high,
    },
  };
  const maps = [{ label: word, grid: patches }];
  const name = filename(['relevance', word], kind);
  if (kind === 'csv') return download(name, textFile(heatCsv(maps, 'logit'), 'text/csv'));
  if (kind === 'json') {
    return download(name, textFile(heatJson(maps, 'logit', band.high, settings), 'application/json'));
  }
  if (kind === 'svg') {
    const panel = {
      title: word,
      href: await dataUrl(result.image),
      cells: colourise(patches, scale, OPACITY),
    };
    return download(name, textFile(heatSvg([panel], toJson(settings, null)), 'image/svg+xml'));
  }
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  const shown = { grid: patches, scale, opacity: OPACITY, smooth: true };
  drawHeatmap(context, { width: SIDE, height: SIDE }, result.image, shown);
  download(name, await pngFile(canvas, settings));
}
