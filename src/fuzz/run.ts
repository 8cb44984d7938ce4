/** Cases of all targets in turn, and the faults among them. */

import { drawOf, mutate } from './mutate.ts';
import type { Fault, Target } from './target.ts';

export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/**
 * More processor time than this on an input of a few hundred kilobytes is a parser that does not scale. The clock on the wall would
 * measure a busy machine's other work.
 */
const SLOW_MS = 5_000;

/** Runs cases `from` to `to`; case n goes to target n modulo their number. */
export async function fuzz(
  targets: readonly Target[],
  { seed, from, to }: Range,
  tick: (at: number) => void = () => {},
): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (let at = from; at < to; at++) {
    const target = targets[at % targets.length]!;
    const input = mutate(target.corpus, drawOf(seed, at));
    const start = process.cpuUsage();
    try {
      await target.run(input);
    } catch (error) {
      if (!target.isTyped(error)) {
        const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
        faults.push({ target: target.name, seed, at, what });
      }
    }
    const { user, system } = process.cpuUsage(start);
    const spent = (user + system) / 1000;
    if (spent > SLOW_MS)
      faults.push({ target: target.name, seed, at, what: `took ${spent.toFixed(0)} ms of processor` });
    tick(at);
  }
  return faults;
}
