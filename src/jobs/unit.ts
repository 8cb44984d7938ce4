/** The pictures that one unit answers to most, with its activation on each. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import type { UnitExample } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { grid } from '../tensor/tensor.ts';
import type { AnnotatedPicture } from './annotated-source.ts';
import { openWork } from './dissect-work.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import { topsKey, unitTops } from './unit-tops.ts';

export const unit: Job<'unit'> = async (params, { runtime, cancellation, report }) => {
  const work = await openWork(runtime, params);
  const tops = await unitTops(runtime, topsKey(params));
  cancellation.check();
  if (params.unit >= tops.units) {
    throw new VitrineError('bad-parameter', `no unit ${params.unit}`, {
      name: 'unit',
      allowed: `0 to ${tops.units - 1}`,
    });
  }
  const top = tops.of(params.unit).slice(0, params.top);
  const watch = new Stopwatch(runtime, top.length);
  const examples: UnitExample[] = [];
  for (let first = 0; first < top.length; first += SCENE_BATCH) {
    const batch: { readonly peak: number; readonly image: number; readonly seen: AnnotatedPicture }[] = [];
    for (const each of top.slice(first, first + SCENE_BATCH)) {
      const seen = await work.source.read(each.image, work.units.size);
      if (seen) batch.push({ ...each, seen });
    }
    const maps = await work.units.maps(batch.map(({ seen }) => seen.picture));
    batch.forEach(({ peak, image, seen }, i) => {
      const [, height, width] = maps[i]!.dims;
      const size = height * width;
      examples.push({
        // A scene is drawn again from its seed; a picture of a data set has a number.
        sceneSeed: params.data ? image : params.seed + image,
        caption: seen.caption,
        image: toPixels(seen.picture),
        activation: grid(height, width, maps[i]!.data.slice(params.unit * size, (params.unit + 1) * size)),
        peak,
      });
    });
    report(watch.advance(batch.length));
    await runtime.pause();
    cancellation.check();
  }
  return { examples };
};
