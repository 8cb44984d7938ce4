/** The pictures that one unit answers to most, with its activation on each. */

import { VitrineError } from '../protocol/errors.ts';
import { openWork } from './dissect-work.ts';
import type { Job } from './runtime.ts';
import { unitExamples } from './unit-examples.ts';
import { topsKey, unitTops } from './unit-tops.ts';

export const unit: Job<'unit'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const work = await openWork(runtime, params);
  const tops = await unitTops(runtime, topsKey(params));
  cancellation.check();
  if (params.unit >= tops.units) {
    throw new VitrineError('bad-parameter', `no unit ${params.unit}`, {
      name: 'unit',
      allowed: `0 to ${tops.units - 1}`,
    });
  }
  const numbered = tops
    .of(params.unit)
    .slice(0, params.top)
    // A scene is drawn again from its seed; a picture of a data set has a number.
    .map(({ image }) => ({ image, named: params.data ? image : params.seed + image }));
  return { examples: await unitExamples(work, params.unit, numbered, context) };
};
