/** The units of any layer of any model, as maps over a picture. */

import { modelView } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import type { Pixels } from '../protocol/image.ts';
import { openDecoderUnits } from './decoder-units.ts';
import { DECODER } from './generative-model.ts';
import type { Runtime } from './runtime.ts';
import { shuffledRuntime } from './shuffled.ts';
import { openUnetUnits } from './unet-units.ts';
import { dissectedSite, unitMaps } from './unit-activations.ts';
import { openVision, visionCard } from './vision-model.ts';

export interface UnitMapper {
  /** Height and width of the pictures that the model takes. */
  readonly size: number;
  /** One run; maps picture by picture. */
  maps(pictures: readonly Rgb8[]): Promise<readonly UnitMaps[]>;
}

export interface UnitSource extends UnitMapper {
  /** A picture of any size as the model takes it. */
  view(pixels: Pixels): Rgb8;
}

/** Throws `bad-parameter` for a site that the model does not have. */
export async function openUnits(
  runtime: Runtime,
  params: Pick<DissectParams, 'model' | 'site'> & Partial<DissectParams>,
): Promise<UnitSource> {
  const host = params.weights === 'shuffled' ? shuffledRuntime(runtime) : runtime;
  if (params.site.startsWith('unet.')) return openUnetUnits(host, params);
  if (params.site.startsWith('decoder.')) return openDecoderUnits(host, params);
  const model = await openVision(host, params.model);
  const site = dissectedSite(model, params.site);
  return {
    size: model.config.imageSize,
    view: (pixels) => modelView(pixels, model.preprocessing),
    maps: (pictures) => unitMaps(model, site, pictures),
  };
}

/** The file of a model that a site lies in. */
export async function siteFile(
  runtime: Runtime,
  { model, site }: Pick<DissectParams, 'model' | 'site'>,
): Promise<string> {
  if (site.startsWith('unet.')) return 'unet';
  if (site.startsWith('decoder.')) return DECODER;
  return (await visionCard(runtime, model)).file;
}
