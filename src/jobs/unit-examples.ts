/** Pictures with one unit's activation on each. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import type { UnitExample } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { grid } from '../tensor/tensor.ts';
import type { AnnotatedPicture, AnnotatedSource } from './annotated-source.ts';
import { Stopwatch } from './progress.ts';
import type { JobContext } from './runtime.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import type { UnitMapper } from './unit-source.ts';

export interface ExamplePicture {
  /** Number in the source. */
  readonly image: number;
  /** What the example shows it as: a scene's seed, or its number. */
  readonly named: number;
}

/** `numbered` pictures in their order; those that cannot be read are left out. The peak is the activation's own. */
export async function unitExamples(
  { units, source }: { readonly units: UnitMapper; readonly source: AnnotatedSource },
  unit: number,
  numbered: readonly ExamplePicture[],
  {
    runtime,
    cancellation,
    report,
  }: Pick<JobContext<ReturnType<Stopwatch['advance']>>, 'runtime' | 'cancellation' | 'report'>,
): Promise<readonly UnitExample[]> {
  const watch = new Stopwatch(runtime, numbered.length);
  const examples: UnitExample[] = [];
  for (let first = 0; first < numbered.length; first += SCENE_BATCH) {
    const batch: { readonly named: number; readonly seen: AnnotatedPicture }[] = [];
    for (const { image, named } of numbered.slice(first, first + SCENE_BATCH)) {
      const seen = await source.read(image, units.size);
      if (seen) batch.push({ named, seen });
    }
    if (batch.length === 0) continue;
    const maps = await units.maps(batch.map(({ seen }) => seen.picture));
    batch.forEach(({ named, seen }, i) => {
      const { dims, data } = maps[i]!;
      const [count, height, width] = dims;
      if (unit >= count) {
        throw new VitrineError('bad-parameter', `no unit ${unit}`, {
          name: 'unit',
          allowed: `0 to ${count - 1}`,
        });
      }
      const activation = grid(height, width, data.slice(unit * height * width, (unit + 1) * height * width));
      examples.push({
        sceneSeed: named,
        caption: seen.caption,
        image: toPixels(seen.picture),
        activation,
        peak: activation.data.reduce((peak, value) => Math.max(peak, value), Number.NEGATIVE_INFINITY),
      });
    });
    report(watch.advance(batch.length));
    await runtime.pause();
    cancellation.check();
  }
  return examples;
}
