import { categoryColour } from '../../charts/category.ts';
import { stackSvg } from '../../exports/stack-svg.ts';
import type { Finished } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { categoryCounts } from '../neurons/category-counts.ts';
import { categoryName } from '../neurons/category-name.ts';
import { dissectionParameters } from './neuron-settings.ts';
import { resolveColour } from './resolve-colour.ts';
import { saveTable, type TableFile } from './save-table.ts';

/** How many detectors of each category a layer has. */
export async function saveCategories(
  kind: TableFile,
  { params, result }: Finished<'dissect'>,
  texts: Texts,
): Promise<void> {
  const counts = categoryCounts(result.rows);
  const share = (count: number) => count / Math.max(1, result.rows.length);
  await saveTable(kind, {
    kind: 'detectors by category',
    model: params.model,
    recipe: result.recipe,
    device: result.device,
    parameters: dissectionParameters(params),
    name: ['categories', params.site],
    head: ['category', 'detectors', 'share_of_units'],
    rows: counts.map(({ category, count }) => [category, count, share(count)]),
    svg: (settings) =>
      stackSvg(
        counts.map(({ category, count }) => {
          const label = categoryName(category, texts);
          return {
            label: `${label} (${count})`,
            parts: [{ label, value: share(count), colour: resolveColour(categoryColour(category)) }],
          };
        }),
        { title: texts.neurons.byCategory, baseline: '' },
        settings,
      ),
  });
}
