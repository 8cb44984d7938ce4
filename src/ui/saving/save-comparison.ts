import { filename } from '../../exports/filename.ts';
import { comparisonCsv, comparisonJson } from '../../exports/neurons.ts';
import { toJson } from '../../exports/settings.ts';
import { stackSvg } from '../../exports/stack-svg.ts';
import { compareRows } from '../../state/comparison.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { shareParts } from '../neurons/layer-rows.ts';
import { download, textFile } from './download.ts';
import { dissectionParameters, neuronSettings } from './neuron-settings.ts';
import { resolveColour } from './resolve-colour.ts';
import { rasterise, type TableFile } from './save-table.ts';

/** Detectors of each concept on both sides. */
export async function saveComparison(
  kind: TableFile,
  left: Finished<'dissect'>,
  right: Finished<'dissect'>,
  texts: Texts,
): Promise<void> {
  const compared = compareRows(left.result.rows, right.result.rows);
  const { concepts } = compared;
  const label = ({ params }: Finished<'dissect'>) =>
    `${params.model} ${params.site} ${params.weights ?? 'trained'}`;
  const name = filename(['comparison', left.params.site, right.params.weights ?? right.params.site], kind);
  if (kind === 'csv') {
    download(name, textFile(comparisonCsv(concepts, [label(left), label(right)]), 'text/csv'));
  } else {
    const { model } = left.params;
    const settings = neuronSettings('comparison', model, left.result.recipe, left.result.device, {
      left: dissectionParameters(left.params),
      right: { model: right.params.model, ...dissectionParameters(right.params) },
    });
    if (kind === 'png' || kind === 'svg') {
      const text = toJson(settings, null);
      const bars = (['left', 'right'] as const).map((side) => ({
        label: label(side === 'left' ? left : right),
        parts: shareParts(compared[side].byCategory, compared[side].units, texts).map((part) => ({
          ...part,
          colour: resolveColour(part.colour),
        })),
      }));
      const drawn = stackSvg(bars, { title: texts.neurons.compareCategories, baseline: '' }, text);
      download(name, kind === 'svg' ? textFile(drawn, 'image/svg+xml') : await rasterise(drawn, text));
      return;
    }
    download(
      name,
      textFile(comparisonJson(concepts, [left.result, right.result], settings), 'application/json'),
    );
  }
}
