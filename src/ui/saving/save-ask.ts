import { colourise } from '../../charts/colourise.ts';
import { drawHeatmap } from '../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { PatchHeat } from '../../protocol/ask.ts';
import type { AskAddress } from '../../state/ask-address.ts';
import type { Finished } from '../../state/run.ts';
import { dataUrl, download, hashesOf, pngFile, textFile } from './download.ts';

const SIDE = 768;

export interface SavedAsk {
  readonly finished: Finished<'answer'>;
  readonly ask: AskAddress;
  readonly heat: PatchHeat;
  readonly scale: HeatScale;
  readonly baseline: number;
  readonly word: string;
}

/** Saves the shown word's heat, with everything that made it. */
export async function saveAsk(kind: 'png' | 'svg' | 'csv' | 'json', saved: SavedAsk): Promise<void> {
  const { finished, ask, heat, scale, baseline, word } = saved;
  const { params, result } = finished;
  const { model, question, prefix, sampling } = params;
  const settings: Settings = {
    kind: 'answer-heat',
    model,
    sha256: hashesOf(model),
    recipe: ask.method === 'ablation' ? `ablation-${ask.level}` : ask.method,
    device: result.device,
    link: location.href,
    parameters: {
      image: ask.image.kind === 'scene' ? `scene ${ask.image.seed}` : 'upload',
      question,
      prefix,
      sampling: { ...sampling },
      answer: result.tokens.map(({ text }) => text),
      word,
      layer: ask.layer,
      head: ask.head,
    },
  };
  const maps = [{ label: word, grid: heat.heat }];
  const name = filename(['answer', question, word, ask.method], kind);
  if (kind === 'csv') download(name, textFile(heatCsv(maps, heat.unit), 'text/csv'));
  else if (kind === 'json') {
    download(name, textFile(heatJson(maps, heat.unit, baseline, settings), 'application/json'));
  } else if (kind === 'svg') {
    const panel = {
      title: word,
      href: await dataUrl(result.image),
      cells: colourise(heat.heat, scale, 0.75),
    };
    download(name, textFile(heatSvg([panel], toJson(settings, null)), 'image/svg+xml'));
  } else {
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d canvas');
    const shown = { grid: heat.heat, scale, opacity: 0.75, smooth: true };
    drawHeatmap(context, { width: SIDE, height: SIDE }, result.image, shown);
    download(name, await pngFile(canvas, settings));
  }
}
