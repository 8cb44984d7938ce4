/** The pictures in which each unit of a dissection peaks highest. */

import type { TopImages } from '../methods/dissection/top-images.ts';
import type { DissectParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { surveyPass } from './dissect-passes.ts';
import { openWork } from './dissect-work.ts';
import { memo } from './memo.ts';

const NEVER = { cancelled: false, check: () => undefined };

/** What tells one dissection's pictures from another's, whatever its recipe. Data sets of the visitor's go by their name. */
export function topsKey({ model, site, scenes, seed, weights, noise, data }: DissectParams): string {
  return JSON.stringify({ model, site, scenes, seed, weights, noise, data: data?.name });
}

/** A dissection keeps them for later; without one, the scenes are run here. Throws `internal` for a forgotten data set. */
export const unitTops = memo(async (runtime, key): Promise<TopImages> => {
  const params = parseKey(key);
  const work = await openWork(runtime, params);
  const survey = await surveyPass(work, {
    runtime,
    cancellation: NEVER,
    shard: { index: 0, of: 1 },
    onResume: () => undefined,
    onBatch: () => undefined,
  });
  if (!survey) throw new VitrineError('bad-image', 'none of the pictures could be read');
  return survey.top;
});

function parseKey(key: string): DissectParams {
  const value: unknown = JSON.parse(key);
  const params = value as DissectParams & { readonly data?: string };
  if (params.data !== undefined) {
    throw new VitrineError('bad-parameter', 'dissect this data set first', {
      name: 'data',
      allowed: 'a dissected one',
    });
  }
  return params;
}
