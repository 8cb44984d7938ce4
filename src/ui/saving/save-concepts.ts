import { layersCsv, layersJson } from '../../exports/bars.ts';
import { filename } from '../../exports/filename.ts';
import type { Settings } from '../../exports/settings.ts';
import type { Finished } from '../../state/run.ts';
import { download, hashesOf, textFile } from './download.ts';
import { layersSvg } from './save-matrix.ts';
import { saveTable, type TableFile } from './save-table.ts';

/** How a file names what a picture's concepts were made from. */
export function conceptSettings({ params, result }: Finished<'explain'>) {
  const { model, image, prompt, concepts, vectors, templates = [] } = params;
  return {
    model,
    recipe: vectors === 'text' ? 'text-lens' : 'contrastive-means',
    device: result.device,
    parameters: {
      image: image.kind === 'scene' ? `scene ${image.seed}` : 'upload',
      prompt,
      concepts: [...concepts],
      vectors,
      templates: [...templates],
    },
  };
}

/** Every concept at every layer with its null band; drawn, as the page shows it. */
export async function saveConcepts(
  file: TableFile,
  finished: Finished<'explain'>,
  title: string,
  format: (value: number) => string,
): Promise<void> {
  const { layers, scores } = finished.result;
  const concepts = scores.map(({ concept }) => concept);
  const about = conceptSettings(finished);
  const parts = ['layers', about.parameters.image, about.parameters.prompt];
  const settings: Settings = {
    kind: 'concepts-by-layer',
    sha256: hashesOf(about.model),
    link: location.href,
    ...about,
  };
  const name = filename(parts, file);
  if (file === 'csv') return download(name, textFile(layersCsv(layers, concepts), 'text/csv'));
  if (file === 'json')
    return download(name, textFile(layersJson(layers, concepts, settings), 'application/json'));
  const rows = layers.map(({ site, block, similarity, band }) => ({
    key: site,
    label: String(block + 1),
    values: similarity,
    band,
  }));
  await saveTable(file, {
    kind: 'concepts-by-layer',
    ...about,
    name: parts,
    head: [],
    rows: [],
    svg: layersSvg(title, rows, concepts, { format }),
  });
}
