/** A layer's detectors as a paragraph and a table for a model card. */

import { detectorIou } from '../../methods/dissection/recipe.ts';
import type { Dissection } from '../../protocol/dissection.ts';
import { CATEGORIES } from '../../world/catalogue.ts';
import { detectors } from './laboratory.ts';

/** Markdown: shares of units that detect something, by category, the same layer with shuffled weights beside them. */
export function detectorCard(real: Dissection, control: Dissection): string {
  const share = (result: Dissection, category?: string) => {
    const found = detectors(result).filter((row) => category === undefined || row.category === category);
    return `${((100 * found.length) / result.rows.length).toFixed(1)}%`;
  };
  const line = (name: string, category?: string) =>
    `| ${name} | ${share(real, category)} | ${share(control, category)} |`;
  return [
    `Network dissection of \`${real.site}\` (recipe \`${real.recipe}\`, top ${real.quantile} of activations, ${real.scenes} scenes from seed ` +
      `${real.seed}): the share of its ${real.rows.length} units with IoU of at least ${detectorIou}.`,
    '',
    '| best label is of category | trained | weights shuffled |',
    '|---|---|---|',
    line('any'),
    ...CATEGORIES.map((category) => line(category, category)),
  ].join('\n');
}
