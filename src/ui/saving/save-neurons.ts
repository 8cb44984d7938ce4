import { dissectionCsv, dissectionJson } from '../../exports/dissection.ts';
import { filename } from '../../exports/filename.ts';
import type { Finished } from '../../state/run.ts';
import { download, hashesOf, textFile } from './download.ts';

/** The whole table, unfiltered, in the order of the units. */
export function saveNeurons(kind: 'csv' | 'json', { params, result }: Finished<'dissect'>): void {
  const name = filename(['dissection', params.site, params.scenes], kind);
  if (kind === 'csv') download(name, textFile(dissectionCsv(result.rows), 'text/csv'));
  else {
    const settings = {
      kind: 'dissection',
      model: params.model,
      sha256: hashesOf(params.model),
      recipe: result.recipe,
      device: result.device,
      link: location.href,
      parameters: { site: params.site, scenes: params.scenes, seed: params.seed },
    };
    download(name, textFile(dissectionJson(result, settings), 'application/json'));
  }
}
