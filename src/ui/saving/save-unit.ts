import { ticks } from 'd3-array';
import { categoryColour } from '../../charts/category.ts';
import { layoutDistribution } from '../../charts/distribution.ts';
import { plotSvg } from '../../exports/plot-svg.ts';
import { stackSvg } from '../../exports/stack-svg.ts';
import type { ActivationDistribution, DissectionRow, LabelScore } from '../../protocol/dissection.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { categoryName } from '../neurons/category-name.ts';
import { dissectionParameters } from './neuron-settings.ts';
import { resolveColour } from './resolve-colour.ts';
import { type SavedTable, saveTable, type TableFile } from './save-table.ts';

/** Bars of a drawing at most; the table holds them all. */
const MOST_BARS = 40;

/** A unit's activation inside and outside of its concept. */
export async function saveDistribution(
  kind: TableFile,
  row: DissectionRow,
  distribution: ActivationDistribution,
  run: Finished<'dissect'>,
  { neurons }: Texts,
): Promise<void> {
  const { edges, inside, outside } = distribution;
  await saveTable(kind, {
    ...about('activation distribution', row, run),
    head: ['from', 'to', 'inside', 'outside'],
    rows: Array.from(inside, (share, bin) => [edges[bin]!, edges[bin + 1]!, share, outside[bin]!]),
    svg: (settings) => {
      const box = { width: 100, height: 100 };
      const layout = layoutDistribution(distribution, box, (low, high) => ticks(low, high, 5));
      const colour = resolveColour(categoryColour(row.category));
      return plotSvg(
        {
          title: `${neurons.unitTitle({ unit: row.unit })}: ${neurons.distribution}`,
          areas: [
            { path: layout.outside, fill: '#b9b2a5' },
            { path: layout.inside, fill: colour },
          ],
          marks: [{ x: layout.at(row.threshold), label: neurons.threshold }],
          ticks: layout.ticks.map(({ value, x }) => ({ x, label: String(value) })),
          legend: [
            { label: neurons.inside({ concept: row.concept }), colour },
            { label: neurons.outside, colour: '#b9b2a5' },
          ],
        },
        settings,
      );
    },
  });
}

/** IoU of a unit with every label that it met. */
export async function saveLabels(
  kind: TableFile,
  row: DissectionRow,
  labels: readonly LabelScore[],
  run: Finished<'dissect'>,
  texts: Texts,
): Promise<void> {
  const { neurons } = texts;
  await saveTable(kind, {
    ...about('labels of a unit', row, run),
    head: ['concept', 'category', 'iou'],
    rows: labels.map(({ concept, category, iou }) => [concept, category, iou]),
    svg: (settings) =>
      stackSvg(
        labels.slice(0, MOST_BARS).map(({ concept, category, iou }) => ({
          label: concept,
          parts: [
            {
              label: categoryName(category, texts),
              value: iou,
              colour: resolveColour(categoryColour(category)),
            },
          ],
        })),
        { title: `${neurons.unitTitle({ unit: row.unit })}: ${neurons.allLabels}`, baseline: '' },
        settings,
      ),
  });
}

function about(
  kind: string,
  { unit, concept, category }: DissectionRow,
  { params, result }: Finished<'dissect'>,
): Omit<SavedTable, 'head' | 'rows'> {
  return {
    kind,
    model: params.model,
    recipe: result.recipe,
    device: result.device,
    parameters: { ...dissectionParameters(params), unit, concept, category },
    name: [kind, unit, params.site],
  };
}
