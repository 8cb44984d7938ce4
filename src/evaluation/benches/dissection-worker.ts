/** A worker that dissects a shard of captured activations, pass by pass, as the page's workers do. */

import { parentPort, workerData } from 'node:worker_threads';
import { drawnRegions, LABEL_CATEGORIES } from '../../jobs/scenes.ts';
import { everyCategory, legendOf } from '../../methods/dissection/legend.ts';
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

/** First pass. */
export function surveyed({ maps, drawings, first, of }: Captured, exactBytes?: number): Survey {
  const [units, rows, columns] = maps[0]!.dims;
  const survey = new Survey({
    units,
    count: of * rows * columns,
    quantile: RECIPES.netdissect.quantile,
    enlarged: false,
    ...(exactBytes === undefined ? {} : { exactBytes }),
  });
  maps.forEach((map, i) => {
    const { size } = drawings[i]!;
    survey.add(map, everyCategory(legend), size, size, first + i);
  });
  return survey;
}

/** Second pass. */
export function counted({ maps, drawings }: Captured, survey: Survey): Tally {
  const tally = Tally.of('netdissect', legend, survey.found(legend));
  maps.forEach((map, i) => {
    tally.add(map, drawnRegions(drawings[i]!), everyCategory(legend));
  });
  return tally;
}

/** `null` asks for the first pass; the merged survey asks for the second. */
parentPort?.on('message', (thresholds: Uint8Array | null) => {
  const captured = workerData as Captured;
  const bytes =
    thresholds === null ? surveyed(captured).save() : counted(captured, Survey.load(thresholds)).save();
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
