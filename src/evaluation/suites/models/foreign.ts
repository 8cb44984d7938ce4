/** Does the contrastive model know where its world ends. */

import type { Rgb8 } from '../../../families/contrastive/resample.ts';
import { openContrastive } from '../../../jobs/contrastive-model.ts';
import type { Runtime } from '../../../jobs/runtime.ts';
import { drawSeed } from '../../../jobs/scenes.ts';
import { quantile } from '../../../tensor/statistics.ts';
import { readPhotographs } from '../../photographs.ts';
import type { Finding } from '../../table.ts';
import { CONTRASTIVE, seePictures, viewOf } from '../../vision.ts';

/** Far from the seeds that the statistics were fitted to and measured on. */
const FRESH_SEED = 50_000_000;
const FRESH = {
  name: `${CONTRASTIVE}: fresh scenes flagged as foreign`,
  unit: 'share',
  bar: { is: 'at most', value: 0.02 },
} as const;
const PHOTOGRAPHS = `${CONTRASTIVE}: photographs flagged as foreign`;

export async function foreignFindings(runtime: Runtime, count: number): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  const { statistics } = model;
  if (!statistics) {
    return [{ ...FRESH, value: Number.NaN, note: 'the model comes without world_statistics' }];
  }
  const distances = async (pictures: readonly Rgb8[]) =>
    (await seePictures(model, pictures)).map(({ distance }) => distance);
  const flagged = (all: readonly number[]) =>
    all.filter((distance) => !(distance <= statistics.threshold)).length / all.length;
  const size = model.config.imageSize;
  const fresh = await distances(
    Array.from({ length: count }, (_, i) => drawSeed(FRESH_SEED + i, size).picture),
  );
  const median = quantile(fresh, 0.5).toFixed(1);
  const findings: Finding[] = [
    {
      ...FRESH,
      value: flagged(fresh),
      note: `${count} scenes; threshold ${statistics.threshold.toFixed(1)}, median ${median}`,
    },
  ];
  const photographs = await readPhotographs();
  if (!photographs) {
    return [
      ...findings,
      { name: PHOTOGRAPHS, value: Number.NaN, note: 'skipped: VITRINE_REAL_FILES is not set' },
    ];
  }
  const far = await distances(photographs.map(({ pixels }) => viewOf(model, pixels)));
  return [
    ...findings,
    {
      name: PHOTOGRAPHS,
      value: flagged(far),
      unit: 'share',
      bar: { is: 'at least', value: 1 },
      note: `${photographs.length} photographs; the nearest at ${Math.min(...far).toFixed(1)}`,
    },
  ];
}
