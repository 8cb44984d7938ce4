/** A worker that dissects a shard of captured activations, pass by pass, as the page's workers do. */

import { parentPort, workerData } from 'node:worker_threads';
import { drawnRegions, LABEL_CATEGORIES } from '../../jobs/scenes.ts';
import { everyCategory, legendOf } from '../../methods/dissection/legend.ts';
import { peaksOf } from '../../methods/dissection/peaks.ts';
import { RECIPES } from '../../methods/dissection/recipe.ts';
import { Survey } from '../../methods/dissection/survey.ts';
import { Tally } from '../../methods/dissection/tally.ts';
import type { UnitMaps } from '../../methods/dissection/units.ts';
import type { Drawing } from '../../world/draw.ts';

export interface Captured {
  readonly maps: readonly UnitMaps[];
  readonly drawings: readonly Drawing[];
  /** Number of the first picture, and how many there are in all shards. */
  readonly first: number;
  readonly of: number;
}

const legend = legendOf(LABEL_CATEGORIES);

/** What one thread has in hand between its passes. */
export interface Surveying {
  readonly survey: Survey;
  /** Of each picture: found once, as a dissection keeps them with the activations. */
  readonly peaks: readonly Float32Array[];
}

/** First pass. */
export function surveyed({ maps, drawings, first, of }: Captured, exactBytes?: number): Surveying {
  const [units, rows, columns] = maps[0]!.dims;
  const survey = new Survey({
    units,
    count: of * rows * columns,
    quantile: RECIPES.netdissect.quantile,
    enlarged: false,
    ...(exactBytes === undefined ? {} : { exactBytes }),
  });
  const peaks = maps.map(peaksOf);
  maps.forEach((map, i) => {
    const { size } = drawings[i]!;
    survey.add(map, everyCategory(legend), size, size, first + i, peaks[i]!);
  });
  return { survey, peaks };
}

/** Second pass. */
export function counted({ maps, drawings }: Captured, { survey, peaks }: Surveying): Tally {
  const tally = Tally.of('netdissect', legend, survey.found(legend));
  maps.forEach((map, i) => {
    tally.add(map, drawnRegions(drawings[i]!), everyCategory(legend), peaks[i]!);
  });
  return tally;
}

let peaks: Surveying['peaks'] = [];

/** `null` asks for the first pass; the merged survey asks for the second. */
parentPort?.on('message', (thresholds: Uint8Array | null) => {
  const captured = workerData as Captured;
  let bytes: Uint8Array<ArrayBuffer>;
  if (thresholds === null) {
    const first = surveyed(captured);
    peaks = first.peaks;
    bytes = first.survey.save();
  } else bytes = counted(captured, { survey: Survey.load(thresholds), peaks }).save();
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
