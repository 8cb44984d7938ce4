/** The units of any layer of any model, as maps over a picture. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import type { Runtime } from './runtime.ts';
import { shuffledRuntime } from './shuffled.ts';
import { openUnetUnits } from './unet-units.ts';
import { dissectedSite, unitMaps } from './unit-activations.ts';
import { openVision } from './vision-model.ts';

export interface UnitSource {
  /** Height and width of the pictures that the model takes. */
  readonly size: number;
  /** One run; maps picture by picture. */
  maps(pictures: readonly Rgb8[]): Promise<readonly UnitMaps[]>;
}

/** Throws `bad-parameter` for a site that the model does not have. */
export async function openUnits(
  runtime: Runtime,
  params: Pick<DissectParams, 'model' | 'site'> & Partial<DissectParams>,
): Promise<UnitSource> {
  const host = params.weights === 'shuffled' ? shuffledRuntime(runtime) : runtime;
  if (params.site.startsWith('unet.')) return openUnetUnits(host, params);
  const model = await openVision(host, params.model);
  const site = dissectedSite(model, params.site);
  return { size: model.config.imageSize, maps: (pictures) => unitMaps(model, site, pictures) };
}
