import type { Progress } from '../../protocol/progress.ts';

/** Speed is that of the last seconds: a pause long ago says nothing about now. */
const WINDOW_MS = 5000;

/** How fast bytes come, and when they will all be there. */
export class Pace {
  readonly #now: () => number;
  readonly #start: number;
  readonly #seen: { readonly at: number; readonly bytes: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  at(done: number, total: number): Omit<Progress, 'phase'> & { readonly bytesPerSecond?: number } {
    const at = this.#now();
    const last = this.#seen.at(-1);
    // Bytes that were here before, or were thrown away, did not come now.
    if (last && done < last.bytes) this.#seen.length = 0;
    this.#seen.push({ at, bytes: done });
    while (this.#seen.length > 2 && at - this.#seen[0]!.at > WINDOW_MS) this.#seen.shift();
    const first = this.#seen[0]!;
    const progress = { done, total, elapsedMs: at - this.#start };
    const ms = at - first.at;
    if (ms < 200 || done <= first.bytes) return progress;
    const bytesPerSecond = (1000 * (done - first.bytes)) / ms;
    return { ...progress, bytesPerSecond, leftMs: (1000 * (total - done)) / bytesPerSecond };
  }
}
