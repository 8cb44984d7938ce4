/** Whether a dissection was finished before: those that share its work among workers need not begin. */

import { isKept } from './dissect-passes.ts';
import { openWork } from './dissect-work.ts';
import type { Job } from './runtime.ts';

export const dissectKept: Job<'dissectKept'> = async (params, { runtime }) => {
  const { checkpoints } = runtime;
  if (!checkpoints || params.fresh) return false;
  const work = await openWork(runtime, params);
  return (await isKept(work, 'threshold', checkpoints)) && (await isKept(work, 'count', checkpoints));
};
