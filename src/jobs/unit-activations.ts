/** The activations of one site's units on scenes of the world, a batch at a time. */

import { encodePictures } from '../families/contrastive/encode.ts';
import type { TappedSite } from '../families/contrastive/vision.ts';
import { floats } from '../families/session.ts';
import { patchUnits, type UnitMaps } from '../methods/dissection/units.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import { tensor } from '../tensor/tensor.ts';
import { type DrawnScene, drawSeed } from './scenes.ts';
import type { VisionModel } from './vision-model.ts';

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

/** The seed of scene `index`: a dissection of more scenes holds the fewer ones. */
export function sceneSeed({ seed }: Pick<DissectParams, 'seed'>, index: number): number {
  return seed + index;
}

/** Draws the scenes `first` to `first + count` of a dissection at the model's size. */
export function drawScenes(
  model: VisionModel,
  params: Pick<DissectParams, 'seed'>,
  first: number,
  count: number,
): readonly DrawnScene[] {
  return Array.from({ length: count }, (_, i) =>
    drawSeed(sceneSeed(params, first + i), model.config.imageSize),
  );
}

/** One run on a few scenes: the maps of all units, scene by scene. */
export async function unitMaps(
  model: VisionModel,
  { site, output }: TappedSite,
  scenes: readonly DrawnScene[],
): Promise<readonly UnitMaps[]> {
  const pictures = scenes.map(({ picture }) => picture);
  const results = await encodePictures(model.vision, model.preprocessing, pictures, [output]);
  const { dims, data } = floats(results, output);
  const size = data.length / scenes.length;
  return scenes.map((_, index) => {
    const values = data.subarray(index * size, (index + 1) * size);
    if (site.axes.at(-1) === 'x') {
      const [, units = 0, height = 0, width = 0] = dims;
      return tensor(['unit', 'y', 'x'], [units, height, width], values);
    }
    const [, tokens = 0, units = 0] = dims;
    return patchUnits(
      tensor(['token', 'unit'], [tokens, units], values),
      model.config.grid,
      model.config.grid,
      // Towers without a CLS token have patches only.
      tokens - model.config.grid ** 2,
    );
  });
}

/** Each unit's highest activation in a scene. */
export function peaks({ dims: [units, height, width], data }: UnitMaps): Float32Array {
  const positions = height * width;
  return Float32Array.from({ length: units }, (_, unit) => {
    let peak = Number.NEGATIVE_INFINITY;
    for (let i = unit * positions; i < (unit + 1) * positions; i++) if (data[i]! > peak) peak = data[i]!;
    return peak;
  });
}
