import { colourise } from '../../charts/colourise.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { filename } from '../../exports/filename.ts';
import { heatSvg } from '../../exports/heat-svg.ts';
import { firingCsv, firingJson } from '../../exports/neurons.ts';
import { toJson } from '../../exports/settings.ts';
import type { PictureUnits } from '../../protocol/neurons.ts';
import type { NeuronsAddress } from '../../state/address.ts';
import type { FiringUnit } from '../../state/picture-ranking.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { dataUrl, download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';
import { rasterise, type TableFile } from './save-table.ts';

/** As the page lays heat over a picture. */
const OPACITY = 0.85;

/** The units that fire on a picture, or at one place of it, strongest first. */
export async function savePictureUnits(
  kind: TableFile,
  { model, site, image, recipe }: NeuronsAddress,
  report: PictureUnits,
  ranked: readonly FiringUnit[],
  place: number | 'none',
  /** The map as it is shown, for drawings. */
  shown: { readonly heat: Grid; readonly scale: HeatScale; readonly title: string },
): Promise<void> {
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
    if (kind === 'json') {
      download(name, textFile(firingJson(units, settings), 'application/json'));
      return;
    }
    const text = toJson(settings, null);
    const cells = colourise(shown.heat, shown.scale, OPACITY);
    const panel = { title: shown.title, href: await dataUrl(report.image), cells };
    const drawn = heatSvg([panel], text);
    download(name, kind === 'svg' ? textFile(drawn, 'image/svg+xml') : await rasterise(drawn, text));
  }
}
