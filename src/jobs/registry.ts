/** Every job by its kind: what a host runs. */

import type { JobKind } from '../protocol/jobs.ts';
import type { LibraryKind } from '../protocol/library.ts';
import { ablateHeads } from './ablate-heads.ts';
import { ablatePatches } from './ablate-patches.ts';
import { answer } from './answer.ts';
import { bridge } from './bridge.ts';
import { classify } from './classify.ts';
import { collect } from './collect.ts';
import { inspectData } from './dataset-source.ts';
import { dissect } from './dissect.ts';
import { dissectKept } from './dissect-kept.ts';
import { dissectMerge } from './dissect-merge.ts';
import { dissectPart } from './dissect-part.ts';
import { embed } from './embed.ts';
import { explain } from './explain.ts';
import { explainAnswer } from './explain-answer.ts';
import { gallery } from './gallery.ts';
import { generate } from './generate.ts';
import { heads } from './heads.ts';
import { inspect } from './inspect.ts';
import { match } from './match.ts';
import { namedUnit, nameUnits } from './name-units.ts';
import { paintUnits } from './paint-units.ts';
import { pictureUnits } from './picture-units.ts';
import { readAnswer } from './read-answer.ts';
import { readPrompt } from './read-prompt.ts';
import { refer } from './refer.ts';
import { referAnswer } from './refer-answer.ts';
import { referee } from './referee.ts';
import type { Job } from './runtime.ts';
import { separate } from './separate.ts';
import { separateAnswer } from './separate-answer.ts';
import { sites } from './sites.ts';
import { steer } from './steer.ts';
import { surveyLayers } from './survey-layers.ts';
import { trace } from './trace.ts';
import { unit } from './unit.ts';
import { unitEvidence } from './unit-evidence.ts';
import { watchUnits } from './watch-units.ts';

/** Of the ask view. */
const askJobs = { answer, explainAnswer, ablatePatches, trace, bridge };
/** Of the concepts view. */
const conceptJobs = {
  heads,
  ablateHeads,
  separate,
  embed,
  collect,
  match,
  refer,
  readAnswer,
  separateAnswer,
  referAnswer,
};

export const jobs = {
  generate,
  explain,
  dissect,
  dissectPart,
  dissectMerge,
  dissectKept,
  inspectData,
  unit,
  gallery,
  readPrompt,
  sites,
  inspect,
  steer,
  ...conceptJobs,
  ...askJobs,
  surveyLayers,
  pictureUnits,
  classify,
  nameUnits,
  watchUnits,
  paintUnits,
  namedUnit,
  unitEvidence,
  referee,
} as const satisfies {
  // What is kept in a browser is the browser host's own.
  [K in Exclude<JobKind, LibraryKind>]: Job<K>;
};
