import { filename } from '../../exports/filename.ts';
import { surveyCsv, surveyJson } from '../../exports/neurons.ts';
import { toJson } from '../../exports/settings.ts';
import { stackSvg } from '../../exports/stack-svg.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { layerRows } from '../neurons/layer-rows.ts';
import { download, textFile } from './download.ts';
import { neuronSettings } from './neuron-settings.ts';
import { resolveColour } from './resolve-colour.ts';
import { rasterise } from './save-table.ts';

/** Detectors of every layer: figures, or the bars as they stand on the page. */
export async function saveSurvey(
  kind: 'png' | 'svg' | 'csv' | 'json',
  { params, result }: Finished<'surveyLayers'>,
  texts: Texts,
): Promise<void> {
  const name = filename(['layers', params.model, params.scenes], kind);
  const settings = neuronSettings('survey', params.model, result.recipe, result.device, {
    sites: params.sites,
    scenes: result.scenes,
    seed: result.seed,
  });
  if (kind === 'csv') download(name, textFile(surveyCsv(result), 'text/csv'));
  else if (kind === 'json') download(name, textFile(surveyJson(result, settings), 'application/json'));
  else {
    const bars = layerRows(result.layers, texts).map(({ label, parts, baseline }) => ({
      label,
      parts: parts.map((part) => ({ ...part, colour: resolveColour(part.colour) })),
      baseline,
    }));
    const words = { title: texts.neurons.surveyTable, baseline: texts.neurons.shuffled };
    const drawn = stackSvg(bars, words, toJson(settings, null));
    if (kind === 'svg') download(name, textFile(drawn, 'image/svg+xml'));
    else download(name, await rasterise(drawn, toJson(settings, null)));
  }
}
