import { filename } from '../../exports/filename.ts';
import { refereeCsv, refereeJson } from '../../exports/neurons.ts';
import { plotSvg } from '../../exports/plot-svg.ts';
import { toJson } from '../../exports/settings.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { share } from '../figures.ts';
import { download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';
import { rasterise, type TableFile } from './save-table.ts';
import { swarmPlot } from './swarm-plot.ts';

/** What was lost with the units off, and with every matched set off. */
export async function saveReferee(
  kind: TableFile,
  { params, result }: Finished<'referee'>,
  device: string,
  { neurons }: Texts,
): Promise<void> {
  const name = filename(['referee', params.concept, params.site], kind);
  if (kind === 'csv') return download(name, textFile(refereeCsv(result), 'text/csv'));
  const { model, site, units, concept, scenes, seed, sets, judge } = params;
  const settings = neuronSettings('referee', model, 'matched random sets', device, {
    ...{ site, units, concept, scenes, seed, sets, outcome: result.outcome },
    ...(judge !== undefined && { judge }),
  });
  if (kind === 'json') return download(name, textFile(refereeJson(result, settings), 'application/json'));
  const loss = result.intact.probability - result.ablated.probability;
  const mark = { value: loss, label: neurons.refereeMark({ loss: share(loss) }) };
  const title = `${concept}: ${neurons.refereeLoss}`;
  const text = toJson(settings, null);
  const drawn = plotSvg(swarmPlot(title, result.matched, mark, neurons.refereeDot, share), text);
  download(name, kind === 'svg' ? textFile(drawn, 'image/svg+xml') : await rasterise(drawn, text));
}
