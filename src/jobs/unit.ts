/** The scenes that one unit answers to most, with its activation on each. */

import { VitrineError } from '../protocol/errors.ts';
import type { UnitExample } from '../protocol/dissection.ts';
import { grid } from '../tensor/tensor.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { captionOf, drawSeed, scenePixels } from './scenes.ts';
import { dissectedSite, SCENE_BATCH, sceneSeed, unitMaps } from './unit-activations.ts';
import { peaksKey, scenePeaks } from './unit-peaks.ts';
import { openVision } from './vision-model.ts';

export const unit: Job<'unit'> = async (params, { runtime, cancellation, report }) => {
  const model = await openVision(runtime, params.model);
  const site = dissectedSite(model, params.site);
  const highest = await scenePeaks(runtime, peaksKey(params));
  cancellation.check();
  const units = highest[0]?.length ?? 0;
  if (params.unit >= units) {
    throw new VitrineError('bad-parameter', `no unit ${params.unit}`, {
      name: 'unit',
      allowed: `0 to ${units - 1}`,
    });
  }
  const top = highest
    .map((scene, index) => ({ index, peak: scene[params.unit]! }))
    .sort((a, b) => b.peak - a.peak || a.index - b.index)
    .slice(0, params.top);
  const watch = new Stopwatch(runtime, top.length);
  const examples: UnitExample[] = [];
  for (let first = 0; first < top.length; first += SCENE_BATCH) {
    const batch = top.slice(first, first + SCENE_BATCH);
    const scenes = batch.map(({ index }) => drawSeed(sceneSeed(params, index), model.config.imageSize));
    const maps = await unitMaps(model, site, scenes);
    batch.forEach(({ peak }, i) => {
      const { scene, drawing } = scenes[i]!;
      const [, height, width] = maps[i]!.dims;
      const size = height * width;
      const activation = maps[i]!.data.slice(params.unit * size, (params.unit + 1) * size);
      examples.push({
        sceneSeed: scene.seed,
        caption: captionOf(scene),
        image: scenePixels(drawing),
        activation: grid(height, width, activation),
        peak,
      });
    });
    report(watch.advance(batch.length));
    await runtime.pause();
    cancellation.check();
  }
  return { examples };
};
