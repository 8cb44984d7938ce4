import { colourise } from '../../charts/colourise.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatCsv, heatJson } from '../../exports/heat.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { Finished } from '../../state/run.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { dataUrl, download, hashesOf, textFile } from './download.ts';

export interface SavedPlace {
  readonly finished: Finished<'generate'>;
  /** Self-attention from the place, probability. */
  readonly map: Grid;
  /** What an even spread would give. */
  readonly uniform: number;
  readonly label: string;
  readonly row: number;
  readonly column: number;
  readonly scale: HeatScale;
}

/** Saves what one place of the picture looks at; `row` and `column` count from 0 on the map's own grid. */
export async function savePlace(kind: 'svg' | 'csv' | 'json', saved: SavedPlace): Promise<void> {
  const { finished, map, uniform, label, row, column, scale } = saved;
  const { params, result } = finished;
  const settings: Settings = {
    kind: 'heatmap',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'self-attention, mean of heads and kept steps, finest layers',
    device: result.device,
    link: location.href,
    parameters: { ...params, row, column },
  };
  const name = filename(['self', params.prompt, row + 1, column + 1], kind);
  const maps = [{ label, grid: map }];
  if (kind === 'csv') download(name, textFile(heatCsv(maps, 'probability'), 'text/csv'));
  else if (kind === 'json') {
    download(name, textFile(heatJson(maps, 'probability', uniform, settings), 'application/json'));
  } else {
    const panel = { title: label, href: await dataUrl(result.image), cells: colourise(map, scale, 0.85) };
    download(name, textFile(heatSvg([panel], toJson(settings, null)), 'image/svg+xml'));
  }
}
