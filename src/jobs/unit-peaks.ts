/** Every unit's highest activation in every scene of a dissection: what the search for a unit's top scenes needs. */

import { VitrineError } from '../protocol/errors.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import { memo } from './memo.ts';
import { dissectedSite, drawScenes, peaks, SCENE_BATCH, unitMaps } from './unit-activations.ts';
import { openVision } from './vision-model.ts';

/** What tells one dissection's peaks from another's. */
export function peaksKey({ model, site, scenes, seed }: DissectParams): string {
  return JSON.stringify([model, site, scenes, seed]);
}

/** By scene, one number a unit. A dissection keeps them for later; without one, the scenes are run here. */
export const scenePeaks = memo(async (runtime, key): Promise<readonly Float32Array[]> => {
  const params = parseKey(key);
  const model = await openVision(runtime, params.model);
  const site = dissectedSite(model, params.site);
  const highest: Float32Array[] = [];
  for (let first = 0; first < params.scenes; first += SCENE_BATCH) {
    const scenes = drawScenes(model, params, first, Math.min(SCENE_BATCH, params.scenes - first));
    for (const maps of await unitMaps(model, site, scenes)) highest.push(peaks(maps));
    await runtime.pause();
  }
  return highest;
});

function parseKey(key: string): DissectParams {
  const [model, site, scenes, seed]: unknown[] = JSON.parse(key);
  if (
    typeof model !== 'string' ||
    typeof site !== 'string' ||
    typeof scenes !== 'number' ||
    typeof seed !== 'number'
  ) {
    throw new VitrineError('internal', `no key of a dissection: ${key}`);
  }
  return { model, site, scenes, seed };
}
