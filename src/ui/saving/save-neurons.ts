import { dissectionCsv, dissectionJson } from '../../exports/dissection.ts';
import { filename } from '../../exports/filename.ts';
import type { Finished } from '../../state/run.ts';
import { download, textFile } from './download.ts';
import { dissectionParameters, neuronSettings } from './neuron-settings.ts';

/** The whole table, unfiltered, in the order of the units. */
export function saveNeurons(kind: 'csv' | 'json', { params, result }: Finished<'dissect'>): void {
  const name = filename(['dissection', params.site, params.scenes], kind);
  if (kind === 'csv') download(name, textFile(dissectionCsv(result.rows), 'text/csv'));
  else {
    const settings = neuronSettings(
      'dissection',
      params.model,
      result.recipe,
      result.device,
      dissectionParameters(params),
    );
    download(name, textFile(dissectionJson(result, settings), 'application/json'));
  }
}
