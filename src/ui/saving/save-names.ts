import { filename } from '../../exports/filename.ts';
import { namesCsv, namesJson } from '../../exports/names.ts';
import type { Finished } from '../../state/run.ts';
import { download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';

/** All units with their words, unfiltered. */
export function saveNames(kind: 'csv' | 'json', { params, result }: Finished<'nameUnits'>): void {
  const name = filename(['names', params.site, params.scenes], kind);
  if (kind === 'csv') download(name, textFile(namesCsv(result), 'text/csv'));
  else {
    const { model, judge, site, scenes, seed, words, noise, data } = params;
    const settings = neuronSettings('names', model, 'clip-dissect soft-wpmi', result.device, {
      ...{ site, judge, scenes, seed, words: [...words] },
      ...(noise !== undefined && { noise }),
      ...(data && { data: data.name }),
    });
    download(name, textFile(namesJson(result, settings), 'application/json'));
  }
}
