/** Do units detect things: against the same model with shuffled weights. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { dissect } from '../../jobs/dissect.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { detectorIou } from '../../methods/dissection/recipe.ts';
import type { Dissection } from '../../protocol/dissection.ts';
import { CATEGORIES } from '../../world/catalogue.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const SITES = ['vision.blocks.1.mlp.post', 'vision.blocks.4.mlp.post'];
const SCENES = 400;
const SEED = 70_000_000;
const SHUFFLE_SEED = 5;

export const dissection: Measure = async (say) => {
  const trained = createNodeRuntime();
  const control = createNodeRuntime({
    transform: (bytes, _, file) => (file === 'vision_model' ? shuffleWeights(bytes, SHUFFLE_SEED) : bytes),
  });
  const findings: Finding[] = [];
  for (const site of SITES) {
    const real = await run(trained, site);
    say(`dissection: ${site} done`);
    const shuffled = await run(control, site);
    const categories = CATEGORIES.map(
      (category) => `${category} ${detectors(real).filter((row) => row.category === category).length}`,
    );
    findings.push(
      {
        name: `detectors at ${site}`,
        value: detectors(real).length,
        unit: 'count',
        note: `of ${real.rows.length}: ${categories.join(', ')}`,
      },
      { name: '  control: shuffled weights', value: detectors(shuffled).length, unit: 'count' },
      { name: '  different concepts among them', value: concepts(real), unit: 'count' },
      { name: '  control: shuffled weights', value: concepts(shuffled), unit: 'count' },
      { name: '  best IoU', value: Math.max(...real.rows.map(({ iou }) => iou)) },
      { name: '  control: shuffled weights', value: Math.max(...shuffled.rows.map(({ iou }) => iou)) },
    );
  }
  await trained.close();
  await control.close();
  return findings;
};

function run(runtime: Runtime, site: string): Promise<Dissection> {
  return dissect(
    { model: CONTRASTIVE, site, scenes: SCENES, seed: SEED },
    { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined },
  );
}

function detectors({ rows }: Dissection): Dissection['rows'] {
  return rows.filter(({ iou }) => iou >= detectorIou);
}

function concepts(result: Dissection): number {
  return new Set(detectors(result).map(({ category, concept }) => `${category}/${concept}`)).size;
}
