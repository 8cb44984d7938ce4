/** Units switched off inside a model, and what it can then no longer tell, against matched random sets of live units. */

import { matchedSets, percentileAmong } from '../methods/faithfulness/matched-sets.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { Random } from '../world/random.ts';
import { DECODER } from './generative-model.ts';
import { hasFile } from './present-file.ts';
import { Stopwatch } from './progress.ts';
import type { Job, Runtime } from './runtime.ts';
import { answerTrial } from './trial-answer.ts';
import { drawingTrial } from './trial-drawing.ts';
import { matchTrial } from './trial-match.ts';

export const referee: Job<'referee'> = async (params, context) => {
  const { runtime, report } = context;
  const { units } = params;
  const watch = new Stopwatch(runtime, params.sets + 2);
  const open = await trialOf(runtime, params);
  const { count, live, recognise, ...trial } = await open(params, context);
  const wrong = units.find((unit) => unit >= count);
  if (wrong !== undefined) {
    throw new VitrineError('bad-parameter', `no unit ${wrong}`, {
      name: 'units',
      allowed: `0 to ${count - 1}`,
    });
  }
  const others = live.filter(({ unit }) => !units.includes(unit)).length;
  if (others < units.length) {
    throw new VitrineError('bad-parameter', `${others} other live units for ${units.length}`, {
      name: 'units',
      allowed: 'at most half of the live ones',
    });
  }
  const intact = await recognise([]);
  report({ ...watch.advance(), matched: [] });
  const ablated = await recognise(units);
  report({ ...watch.advance(), matched: [] });

  const random = new Random(params.seed, 17);
  const sets = matchedSets(live, units, params.sets, (bound) => random.integer(bound));
  const matched: number[] = [];
  for (const set of sets) {
    matched.push(intact.probability - (await recognise(set)).probability);
    report({ ...watch.advance(), matched: [...matched] });
  }
  const activity = new Map(live.map((entry) => [entry.unit, entry.activity]));
  const sum = (list: readonly number[]) => list.reduce((total, unit) => total + (activity.get(unit) ?? 0), 0);
  return {
    ...trial,
    intact,
    ablated,
    matched,
    percentile: percentileAmong(intact.probability - ablated.probability, matched),
    matchRatio: sets.reduce((total, set) => total + sum(set), 0) / sets.length / sum(units),
  };
};

async function trialOf(runtime: Runtime, { model, site }: RefereeParams) {
  if (site.startsWith('unet.')) return drawingTrial;
  return (await hasFile(runtime, model, DECODER)) ? answerTrial : matchTrial;
}
