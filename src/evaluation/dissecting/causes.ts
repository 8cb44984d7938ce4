/** Whether the ten best tree units are what recognising trees hangs on. */

import { referee } from '../../jobs/referee.ts';
import type { Finding } from '../table.ts';
import { type Laboratory, type Layer, quiet, SEED } from './laboratory.ts';

const BEST = 10;

export async function causes(laboratory: Laboratory, layer: Layer, barred: boolean): Promise<Finding> {
  const { rows } = await laboratory.dissect(layer);
  const trees = rows
    .map(({ unit, concept, category, iou, next }) => {
      const own = [{ concept, category, iou }, ...next].find(
        (label) => label.concept === 'tree' && label.category === 'object',
      );
      return { unit, iou: own?.iou ?? 0 };
    })
    .filter(({ iou }) => iou > 0)
    .sort((a, b) => b.iou - a.iou)
    .slice(0, BEST);
  const units = trees.map(({ unit }) => unit);
  const report = await referee(
    { ...layer, units, concept: 'tree', scenes: 60, seed: SEED, sets: 100 },
    quiet(laboratory.trained),
  );
  const { intact, ablated } = report;
  return {
    name: `ten best tree units of ${layer.model} off: percentile of the loss among 100 matched sets`,
    value: report.percentile,
    unit: 'share',
    ...(barred ? { bar: { is: 'at least', value: 0.99 } as const } : {}),
    note: `${layer.site}; P(tree) among ${report.names.length} names, in scenes with trees: ${intact.probability.toFixed(3)} to ${ablated.probability.toFixed(3)}, named ${(100 * intact.named).toFixed(0)}% to ${(100 * ablated.named).toFixed(0)}%; AUC of its cosine ${intact.auc.toFixed(3)} to ${ablated.auc.toFixed(3)}; match ${report.matchRatio.toFixed(2)}; IoU with trees ${trees.map(({ iou }) => iou.toFixed(2)).join(' ')}`,
  };
}
