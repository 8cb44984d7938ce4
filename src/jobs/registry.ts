/** Every job by its kind: what a host runs. */

import type { JobKind } from '../protocol/jobs.ts';
import { dissect } from './dissect.ts';
import { explain } from './explain.ts';
import { gallery } from './gallery.ts';
import { generate } from './generate.ts';
import { readPrompt } from './read-prompt.ts';
import type { Job } from './runtime.ts';
import { sites } from './sites.ts';
import { steer } from './steer.ts';
import { unit } from './unit.ts';

export const jobs = {
  generate,
  explain,
  dissect,
  unit,
  gallery,
  readPrompt,
  sites,
  steer,
} as const satisfies {
  [K in JobKind]: Job<K>;
};
