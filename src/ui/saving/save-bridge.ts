import { colourise } from '../../charts/colourise.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { toCsv } from '../../exports/csv.ts';
import { filename } from '../../exports/filename.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import { queryGrids } from '../../state/ask-heat.ts';
import type { Finished } from '../../state/run.ts';
import { dataUrl, download, hashesOf, textFile } from './download.ts';
import { namedImage } from './image-name.ts';

/** CSV: each image token's words with their cosines. JSON: those, their bands, and the queries' maps. SVG: these maps over the picture. */
export async function saveBridge(
  kind: 'svg' | 'csv' | 'json',
  { params, result }: Finished<'bridge'>,
): Promise<void> {
  const image = namedImage(params.image);
  const name = filename(['bridge', image], kind);
  const { tokens, queries, nearestBand, contextualBand, block } = result;
  if (kind === 'csv') {
    const rows = tokens.flatMap(({ nearest, contextual }, token) =>
      Object.entries({ nearest, contextual }).flatMap(([way, words]) =>
        words.map(({ text, cosine }, rank) => [token + 1, way, rank + 1, text, cosine]),
      ),
    );
    download(name, textFile(toCsv(['token', 'way', 'rank', 'word', 'cosine'], rows), 'text/csv'));
    return;
  }
  const settings: Settings = {
    kind: 'bridge',
    model: params.model,
    sha256: hashesOf(params.model),
    recipe: 'nearest unembedding; contextual concept vectors',
    device: result.device,
    link: location.href,
    parameters: { image, layer: block + 1 },
  };
  const maps = queries ? queryGrids(queries) : [];
  if (kind === 'json') {
    const words = tokens.map(({ nearest, contextual }) => ({
      nearest: nearest.map((word) => ({ ...word })),
      contextual: contextual.map((word) => ({ ...word })),
    }));
    const data = {
      tokens: words,
      nearestBand,
      contextualBand,
      queries: maps.map(({ data: map }) => [...map]),
    };
    download(name, textFile(toJson(settings, data), 'application/json'));
    return;
  }
  const peak = Math.max(...maps.map(({ data }) => Math.max(...data)));
  const scale: HeatScale = { kind: 'sequential', max: peak, palette: 'inferno' };
  const href = await dataUrl(result.image);
  const panels = maps.map((map, query) => ({
    title: `query ${query + 1}`,
    href,
    cells: colourise(map, scale, 0.75),
  }));
  download(name, textFile(heatSvg(panels, toJson(settings, null)), 'image/svg+xml'));
}
