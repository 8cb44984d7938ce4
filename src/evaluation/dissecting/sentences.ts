/** How well the sentences of detectors foretell where these fire on scenes not seen before. */

import { unitEvidence } from '../../jobs/unit-evidence.ts';
import { mean } from '../../tensor/statistics.ts';
import type { Finding } from '../table.ts';
import { detectors, type Laboratory, type Layer, quiet, SEED } from './laboratory.ts';

/** Detectors judged of a layer, spread over its table. */
const JUDGED = 24;

export async function sentences(laboratory: Laboratory, layer: Layer): Promise<Finding> {
  const ranked = [...detectors(await laboratory.dissect(layer))].sort((a, b) => b.iou - a.iou);
  const step = Math.max(1, ranked.length / JUDGED);
  const judged = Array.from(
    { length: Math.min(JUDGED, ranked.length) },
    (_, i) => ranked[Math.floor(i * step)]!,
  );
  const scores: number[] = [];
  let things = 0;
  for (const { unit, threshold, concept, category } of judged) {
    const asked = { ...layer, scenes: laboratory.scenes, seed: SEED, unit, threshold, concept, category };
    const { sentence } = await unitEvidence(asked, quiet(laboratory.trained));
    if (Number.isNaN(sentence.auc)) continue;
    scores.push(sentence.auc);
    things += sentence.heads.length + sentence.less.length;
  }
  return {
    name: `sentences of ${layer.model} foretell firing on held-out scenes: mean AUC`,
    value: mean(scores),
    bar: { is: 'at least', value: 0.85 },
    note: `${scores.length} of ${ranked.length} detectors of ${layer.site}, evenly by rank; lowest ${Math.min(...scores).toFixed(2)}; ${(things / scores.length).toFixed(1)} things a sentence`,
  };
}
