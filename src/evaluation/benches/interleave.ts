/** Costs as ratios: two ways of doing one thing, turn by turn in one process, so that the machine's mood hits both. */

import { quantile } from '../../tensor/statistics.ts';

export interface Comparison {
  /** Median of the changed way over median of the plain one. */
  readonly ratio: number;
  readonly plainMs: number;
  readonly changedMs: number;
}

/** Runs both ways `repeats` times after a few warm-up rounds, which way goes first alternating. */
export async function compare(
  plain: () => Promise<unknown>,
  changed: () => Promise<unknown>,
  repeats: number,
  warmUps = 3,
): Promise<Comparison> {
  const times = { plain: [] as number[], changed: [] as number[] };
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  for (let round = -warmUps; round < repeats; round++) {
    const changedFirst = round % 2 === 0;
    const first = await time(changedFirst ? changed : plain);
    const second = await time(changedFirst ? plain : changed);
    if (round < 0) continue;
    times.changed.push(changedFirst ? first : second);
    times.plain.push(changedFirst ? second : first);
  }
  const plainMs = quantile(times.plain, 0.5);
  const changedMs = quantile(times.changed, 0.5);
  return { ratio: changedMs / plainMs, plainMs, changedMs };
}

export function describeTimes({ plainMs, changedMs }: Comparison): string {
  return `${changedMs.toFixed(1)} ms against ${plainMs.toFixed(1)} ms`;
}
