/** How far a job is, and how long it still takes. */

import type { Progress } from '../protocol/jobs.ts';
import type { Runtime } from './runtime.ts';

/** Counts work of equal portions. Made when the work begins: loading is over. */
export class Stopwatch {
  readonly #runtime: Runtime;
  readonly #total: number;
  readonly #start: number;
  /** Milliseconds a portion, newest last. */
  readonly #paces: number[] = [];
  #done = 0;
  #last: number;

  constructor(runtime: Runtime, total: number) {
    this.#runtime = runtime;
    this.#total = total;
    this.#start = runtime.now();
    this.#last = this.#start;
  }

  get elapsedMs(): number {
    return this.#runtime.now() - this.#start;
  }

  /** `portions` were done by an earlier run: they say nothing of the pace. */
  skip(portions: number): void {
    this.#done += portions;
    this.#last = this.#runtime.now();
  }

  /** `portions` more are done. The time left is that of the median recent portion: a slow first run does not frighten. */
  advance(portions = 1): Progress {
    const now = this.#runtime.now();
    this.#paces.push((now - this.#last) / portions);
    if (this.#paces.length > 9) this.#paces.shift();
    this.#last = now;
    this.#done += portions;
    const pace = [...this.#paces].sort((a, b) => a - b)[this.#paces.length >> 1]!;
    return {
      phase: 'run',
      done: this.#done,
      total: this.#total,
      elapsedMs: now - this.#start,
      leftMs: pace * (this.#total - this.#done),
    };
  }
}
