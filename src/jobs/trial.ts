/** What the referee asks of: a model some of whose units may be off, and how well it then does. */

import type { LiveUnit } from '../methods/faithfulness/matched-sets.ts';
import type { Recognition, RefereeReport } from '../protocol/dissection.ts';
import type { JobContext } from './runtime.ts';

export interface Trial
  extends Pick<RefereeReport, 'outcome' | 'names' | 'scenesWith' | 'scenesWithout' | 'judge'> {
  /** Units of the layer, and those that are ever active. */
  readonly count: number;
  readonly live: readonly LiveUnit[];
  /** With these units off. */
  recognise(dark: readonly number[]): Promise<Recognition>;
}

export type TrialContext = Pick<JobContext<never>, 'runtime' | 'cancellation'>;
