/** What each unit of a layer detects, on the world's scenes: two passes, thresholds first. */

import { NetDissect } from '../methods/dissection/netdissect.ts';
import { ThresholdFinder } from '../methods/dissection/quantile.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { type DrawnScene, LABEL_CATEGORIES, labelMaps } from './scenes.ts';
import { dissectedSite, drawScenes, peaks, SCENE_BATCH, unitMaps } from './unit-activations.ts';
import { peaksKey, scenePeaks } from './unit-peaks.ts';
import { openVision } from './vision-model.ts';

/** Top share of activations that counts as firing, in recipe `netdissect`. */
const QUANTILE = 0.005;
/** Activations and labels of the first pass are kept up to here; scenes beyond are run again. */
const KEPT_BYTES = 256 * 1024 * 1024;
/** Between partial tables. */
const ROWS_EVERY_MS = 700;

interface Seen {
  readonly maps: UnitMaps;
  readonly scene: DrawnScene;
}

export const dissect: Job<'dissect'> = async (params, { runtime, cancellation, report }) => {
  const model = await openVision(runtime, params.model);
  const site = dissectedSite(model, params.site);
  const watch = new Stopwatch(runtime, 2 * params.scenes);
  const kept: Seen[] = [];
  const highest: Float32Array[] = [];
  let keptBytes = 0;

  const look = async (first: number): Promise<readonly Seen[]> => {
    const scenes = drawScenes(model, params, first, Math.min(SCENE_BATCH, params.scenes - first));
    const maps = await unitMaps(model, site, scenes);
    cancellation.check();
    return scenes.map((scene, index) => ({ scene, maps: maps[index]! }));
  };

  let finder: ThresholdFinder | undefined;
  for (let first = 0; first < params.scenes; first += SCENE_BATCH) {
    const batch = await look(first);
    for (const seen of batch) {
      const [units, height, width] = seen.maps.dims;
      const count = params.scenes * height * width;
      finder ??= new ThresholdFinder({ units, count, quantile: QUANTILE });
      finder.add(seen.maps);
      highest.push(peaks(seen.maps));
      keptBytes += seen.maps.data.byteLength + seen.scene.drawing.labels.byteLength;
      // Only an unbroken run from the first scene on is of use.
      if (keptBytes <= KEPT_BYTES) kept.push(seen);
    }
    report({ ...watch.advance(batch.length), pass: 'threshold' });
    await runtime.pause();
    cancellation.check();
  }
  if (!finder) throw new RangeError(`no scenes: ${params.scenes}`);
  scenePeaks.keep(runtime, peaksKey(params), highest);

  const dissection = new NetDissect(LABEL_CATEGORIES, finder.thresholds());
  let shown = runtime.now();
  for (let first = 0; first < params.scenes; first += SCENE_BATCH) {
    const end = Math.min(first + SCENE_BATCH, params.scenes);
    const batch = kept.length >= end ? kept.slice(first, end) : await look(first);
    for (const { maps, scene } of batch) dissection.addScene(maps, labelMaps(scene.drawing));
    const progress: DissectProgress = { ...watch.advance(batch.length), pass: 'count' };
    const due = runtime.now() - shown > ROWS_EVERY_MS;
    if (due) shown = runtime.now();
    report(due ? { ...progress, rows: dissection.rows() } : progress);
    await runtime.pause();
    cancellation.check();
  }
  return {
    site: params.site,
    recipe: 'netdissect',
    quantile: QUANTILE,
    scenes: params.scenes,
    seed: params.seed,
    rows: dissection.rows(),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};
