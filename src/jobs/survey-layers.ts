/** Every layer of a model dissected in turn, then the same layers with shuffled weights: how many detectors each has. */

import { detectorIou } from '../methods/dissection/recipe.ts';
import type { Dissection, DissectionRow, DissectProgress } from '../protocol/dissection.ts';
import type { LayerSummary, SurveyedLayer } from '../protocol/neurons.ts';
import { dissect } from './dissect.ts';
import type { Job } from './runtime.ts';

export const surveyLayers: Job<'surveyLayers'> = async (
  { sites, ...params },
  { runtime, cancellation, report },
) => {
  const start = runtime.now();
  const total = 2 * sites.length;
  const layers: SurveyedLayer[] = [];
  let first: Dissection | undefined;

  const count = async (site: string, weights: 'trained' | 'shuffled', done: number) => {
    const inner = ({ phase, done: scenes, total: all }: DissectProgress): void => {
      const part = done + (all > 0 ? scenes / all : 0);
      const elapsedMs = runtime.now() - start;
      report({
        phase,
        done,
        total,
        elapsedMs,
        ...(part > 0.25 && { leftMs: (elapsedMs / part) * (total - part) }),
        layers: [...layers],
      });
    };
    const result = await dissect({ ...params, site, weights }, { runtime, cancellation, report: inner });
    cancellation.check();
    first ??= result;
    return summarise(site, result.rows);
  };

  for (const site of sites) layers.push({ trained: await count(site, 'trained', layers.length) });
  for (const [index, site] of sites.entries()) {
    layers[index] = { ...layers[index]!, control: await count(site, 'shuffled', sites.length + index) };
  }
  if (!first) throw new RangeError('no layers to survey');
  const { recipe, quantile, scenes, seed, device } = first;
  return { layers, recipe, quantile, scenes, seed, device, elapsedMs: runtime.now() - start };
};

/** Counts of one layer's table. */
export function summarise(site: string, rows: readonly DissectionRow[]): LayerSummary {
  const live = rows.filter(({ dead }) => !dead);
  const found = live.filter(({ iou }) => iou >= detectorIou);
  const detectors: Record<string, number> = {};
  for (const { category } of found) detectors[category] = (detectors[category] ?? 0) + 1;
  return {
    site,
    units: rows.length,
    dead: rows.length - live.length,
    detectors,
    concepts: new Set(found.map(({ category, concept }) => `${category}/${concept}`)).size,
    bestIou: live.reduce((best, { iou }) => Math.max(best, iou), 0),
  };
}
