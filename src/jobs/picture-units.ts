/** Which units of a layer fire where on one picture: a scene, or the visitor's own. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView, toPixels } from '../families/contrastive/preprocess.ts';
import { compositeOnWhite, resample } from '../families/contrastive/resample.ts';
import {
  readWorldStatistics,
  worldDistance,
  worldFeatures,
} from '../families/contrastive/world-statistics.ts';
import { floats } from '../families/session.ts';
import type { Caution } from '../protocol/jobs.ts';
import type { PictureUnits, PictureUnitsParams } from '../protocol/neurons.ts';
import { sourcePixels } from './explain.ts';
import { optionalJson } from './optional-json.ts';
import type { Job, Runtime } from './runtime.ts';
import { dissectedSite, unitMaps } from './unit-activations.ts';
import { openUnits } from './unit-source.ts';
import { openVision, type VisionModel } from './vision-model.ts';

export const pictureUnits: Job<'pictureUnits'> = async (params, { runtime, cancellation }) => {
  if (params.site.startsWith('unet.')) return unetPicture(params, runtime);
  const model = await openVision(runtime, params.model);
  const start = runtime.now();
  const site = dissectedSite(model, params.site);
  const view = modelView(sourcePixels(params.image, model.config.imageSize), model.preprocessing);
  const [maps] = await unitMaps(model, site, [view]);
  cancellation.check();
  return {
    image: toPixels(view),
    // A copy: what is handed over must not lie in the runtime's own memory.
    maps: { ...maps!, data: maps!.data.slice() },
    cautions: params.image.kind === 'pixels' ? await foreign(runtime, model, view) : [],
    device: runtime.device,
    elapsedMs: runtime.now() - start,
  };
};

async function unetPicture(params: PictureUnitsParams, runtime: Runtime): Promise<PictureUnits> {
  const units = await openUnits(runtime, params);
  const start = runtime.now();
  const { size } = units;
  const pixels = sourcePixels(params.image, size);
  const [maps] = await units.maps([resample(compositeOnWhite(pixels), size, size, 'bicubic')]);
  return {
    image: pixels,
    maps: { ...maps!, data: maps!.data.slice() },
    cautions: [],
    device: runtime.device,
    elapsedMs: runtime.now() - start,
  };
}

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
