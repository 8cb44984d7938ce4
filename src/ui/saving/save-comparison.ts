import { filename } from '../../exports/filename.ts';
import { comparisonCsv, comparisonJson } from '../../exports/neurons.ts';
import { compareRows } from '../../state/comparison.ts';
import type { Finished } from '../../state/run.ts';
import { download, textFile } from './download.ts';
import { dissectionParameters, neuronSettings } from './neuron-settings.ts';

/** Detectors of each concept on both sides. */
export function saveComparison(
  kind: 'csv' | 'json',
  left: Finished<'dissect'>,
  right: Finished<'dissect'>,
): void {
  const { concepts } = compareRows(left.result.rows, right.result.rows);
  const name = filename(['comparison', left.params.site, right.params.weights ?? right.params.site], kind);
  if (kind === 'csv') {
    const label = ({ params }: Finished<'dissect'>) =>
      `${params.model} ${params.site} ${params.weights ?? 'trained'}`;
    download(name, textFile(comparisonCsv(concepts, [label(left), label(right)]), 'text/csv'));
  } else {
    const { model } = left.params;
    const settings = neuronSettings('comparison', model, left.result.recipe, left.result.device, {
      left: dissectionParameters(left.params),
      right: { model: right.params.model, ...dissectionParameters(right.params) },
    });
    download(
      name,
      textFile(comparisonJson(concepts, [left.result, right.result], settings), 'application/json'),
    );
  }
}
