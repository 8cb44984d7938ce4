import { filename } from '../../exports/filename.ts';
import { refereeCsv, refereeJson } from '../../exports/neurons.ts';
import type { Finished } from '../../state/run.ts';
import { download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';

/** What was lost with the units off, and with every matched set off. */
export function saveReferee(
  kind: 'csv' | 'json',
  { params, result }: Finished<'referee'>,
  device: string,
): void {
  const name = filename(['referee', params.concept, params.site], kind);
  if (kind === 'csv') download(name, textFile(refereeCsv(result), 'text/csv'));
  else {
    const { model, site, units, concept, scenes, seed, sets } = params;
    const settings = neuronSettings('referee', model, 'matched random sets', device, {
      site,
      units,
      concept,
      scenes,
      seed,
      sets,
    });
    download(name, textFile(refereeJson(result, settings), 'application/json'));
  }
}
