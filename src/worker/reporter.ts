import { transfer } from 'comlink';
import { transfers } from './transfers.ts';

/** Reports on their way to the page, not yet acknowledged. A page that keeps up never sees the bound. */
const maxInFlight = 4;

export interface Reporter<Progress> {
  report(progress: Progress): void;
  /** Resolves once the page has taken every report. */
  flush(): Promise<void>;
}

/**
 * Sends every report, in order, while the page keeps up; when it does not, only the newest waits, so that a busy page never
 * finds a backlog. Reports must therefore stand on their own, each saying all that is known so far.
 */
export function createReporter<Progress extends object>(
  send: (progress: Progress) => unknown,
): Reporter<Progress> {
  const inFlight = new Set<Promise<void>>();
  let waiting: Progress | undefined;

  function dispatch(progress: Progress): void {
    const delivery: Promise<void> = Promise.resolve(send(transfer(progress, transfers(progress))))
      // A page that fails to draw its progress, or is gone, must not stop the job.
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        inFlight.delete(delivery);
        const next = waiting;
        waiting = undefined;
        if (next !== undefined) dispatch(next);
      });
    inFlight.add(delivery);
  }

  return {
    report(progress) {
      if (inFlight.size < maxInFlight) dispatch(progress);
      else waiting = progress;
    },
    async flush() {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}
