/** The activations of one site's units on pictures, a batch at a time. */

import { encodePictures } from '../families/contrastive/encode.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { TappedSite } from '../families/contrastive/vision.ts';
import { patchPlace } from '../families/patch-place.ts';
import { floats } from '../families/session.ts';
import { patchUnits, type UnitMaps } from '../methods/dissection/units.ts';
import { VitrineError } from '../protocol/errors.ts';
import { tensor } from '../tensor/tensor.ts';
import type { VisionModel } from './vision-model.ts';

/** Pictures a run. Kernels round differently for other batches, so a picture always runs with the same neighbours. */
export const SCENE_BATCH = 8;

/** The site that a dissection asks for. Throws `bad-parameter` naming those that the model has. */
export function dissectedSite(model: VisionModel, name: string): TappedSite {
  const found = model.tower.dissectable.find((site) => site.name === name);
  const tapped = found && model.tower.sites.get(found.name);
  if (!tapped) {
    const allowed = model.tower.dissectable.map((site) => site.name).join(', ');
    throw new VitrineError('bad-parameter', `no units at ${name}`, { name: 'site', allowed });
  }
  return tapped;
}

/** One run on a few pictures of the model's size: the maps of all units, picture by picture. */
export async function unitMaps(
  model: VisionModel,
  { site, output }: TappedSite,
  pictures: readonly Rgb8[],
): Promise<readonly UnitMaps[]> {
  const results = await encodePictures(model.vision, model.preprocessing, pictures, [output]);
  const { dims, data } = floats(results, output);
  const size = data.length / pictures.length;
  return pictures.map((_, index) => {
    const values = data.subarray(index * size, (index + 1) * size);
    if (site.axes.at(-1) === 'x') {
      const [, units = 0, height = 0, width = 0] = dims;
      return tensor(['unit', 'y', 'x'], [units, height, width], values);
    }
    const [, tokens = 0, units = 0] = dims;
    const { grid, lead } = patchPlace(tokens, model.config.grid);
    return patchUnits(tensor(['token', 'unit'], [tokens, units], values), grid, grid, lead);
  });
}
