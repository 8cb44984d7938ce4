/** How tests run jobs: uncancelled, or cancelled after a number of checks. Progress is kept. */

import { VitrineError } from '../protocol/errors.ts';
import type { JobContext, Runtime } from './runtime.ts';

export interface TestContext<Progress> extends JobContext<Progress> {
  readonly reports: Progress[];
}

export function contextOf<Progress>(
  runtime: Runtime,
  cancelAfter = Number.POSITIVE_INFINITY,
): TestContext<Progress> {
  const reports: Progress[] = [];
  const cancelled = () => reports.length >= cancelAfter;
  return {
    runtime,
    reports,
    report: (progress) => reports.push(progress),
    cancellation: {
      get cancelled() {
        return cancelled();
      },
      check() {
        if (cancelled()) throw new VitrineError('cancelled', 'stopped by the test');
      },
    },
  };
}
