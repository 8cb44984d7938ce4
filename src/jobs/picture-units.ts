/** Which units of a layer fire where on one picture: a scene, or the visitor's own. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { toPixels } from '../families/contrastive/preprocess.ts';
import {
  readWorldStatistics,
  worldDistance,
  worldFeatures,
} from '../families/contrastive/world-statistics.ts';
import { floats } from '../families/session.ts';
import type { Caution } from '../protocol/jobs.ts';
import { sourcePixels } from './explain.ts';
import { optionalJson } from './optional-json.ts';
import type { Job, Runtime } from './runtime.ts';
import { openUnits } from './unit-source.ts';
import { openVision, type VisionModel } from './vision-model.ts';

export const pictureUnits: Job<'pictureUnits'> = async (params, { runtime, cancellation }) => {
  const units = await openUnits(runtime, params);
  const start = runtime.now();
  const view = units.view(sourcePixels(params.image, units.size));
  const [maps] = await units.maps([view]);
  cancellation.check();
  const known = params.image.kind === 'pixels' && params.site.startsWith('vision.');
  return {
    image: toPixels(view),
    // A copy: what is handed over must not lie in the runtime's own memory.
    maps: { ...maps!, data: maps!.data.slice() },
    cautions: known ? await foreign(runtime, await openVision(runtime, params.model), view) : [],
    device: runtime.device,
    elapsedMs: runtime.now() - start,
  };
};

/** Says so when a picture lies beyond the 99th percentile of the model's own scenes; nothing is known of models without statistics. */
async function foreign(
  runtime: Runtime,
  model: VisionModel,
  view: Parameters<typeof toPixels>[0],
): Promise<readonly Caution[]> {
  const json = await optionalJson(runtime, model.id, 'world_statistics');
  if (json === undefined || json === null) return [];
  const { threshold, ...statistics } = readWorldStatistics(json);
  const results = await encodePictures(model.vision, model.preprocessing, [view], ['last_hidden_state']);
  const { dims, data } = floats(results, 'last_hidden_state');
  const distance = worldDistance(worldFeatures(data, dims.at(-1)!), { threshold, ...statistics });
  return distance <= threshold ? [] : [{ kind: 'foreign-image', distance, threshold }];
}
