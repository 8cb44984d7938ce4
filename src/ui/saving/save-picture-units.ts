import { filename } from '../../exports/filename.ts';
import { firingCsv, firingJson } from '../../exports/neurons.ts';
import type { PictureUnits } from '../../protocol/neurons.ts';
import type { NeuronsAddress } from '../../state/address.ts';
import type { FiringUnit } from '../../state/picture-ranking.ts';
import { download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';

/** The units that fire on a picture, or at one place of it, strongest first. */
export function savePictureUnits(
  kind: 'csv' | 'json',
  { model, site, image, recipe }: NeuronsAddress,
  report: PictureUnits,
  ranked: readonly FiringUnit[],
  place: number | 'none',
): void {
  const picture = image.kind === 'scene' ? `scene ${image.seed}` : 'upload';
  const units = ranked.map(({ unit, activation, row: { concept, category, threshold } }) => ({
    unit,
    concept,
    category,
    activation,
    threshold,
  }));
  const name = filename(['units', picture, site], kind);
  if (kind === 'csv') download(name, textFile(firingCsv(units), 'text/csv'));
  else {
    const settings = neuronSettings('units on a picture', model, recipe, report.device, {
      site,
      picture,
      place: place === 'none' ? null : place,
    });
    download(name, textFile(firingJson(units, settings), 'application/json'));
  }
}
