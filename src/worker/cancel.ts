import type { Cancellation } from '../jobs/runtime.ts';
import { VitrineError } from '../protocol/errors.ts';

/** The flag of one job, and the same as a signal for what takes one. */
export class JobCancellation implements Cancellation {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cancelled(): boolean {
    return this.signal.aborted;
  }

  cancel(): void {
    this.#controller.abort();
  }

  check(): void {
    if (this.cancelled) throw new VitrineError('cancelled', 'the job was cancelled');
  }
}
