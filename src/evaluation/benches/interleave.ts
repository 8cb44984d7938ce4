/** Costs as ratios: two ways of doing one thing, turn by turn in one process, so that the machine's mood hits both. */

import { quantile } from '../../tensor/statistics.ts';

export interface Comparison {
  /** Median over rounds of the changed way's time over the plain one's: what drifts between rounds cancels. */
  readonly ratio: number;
  readonly plainMs: number;
  readonly changedMs: number;
}

export interface Effort {
  /** Rounds at least. */
  readonly rounds: number;
  /** Measured time at least: medians of runs of a few milliseconds settle only over hundreds of them. */
  readonly leastMs: number;
  readonly warmUps: number;
  /** The clock on the wall, or the time of this process on any processor: on a busy machine the wall measures the others. */
  readonly clock?: 'wall' | 'processor';
}

/** Runs both ways in turn, after warm-up rounds, which way goes first alternating. */
export async function compare(
  plain: () => Promise<unknown>,
  changed: () => Promise<unknown>,
  { rounds, leastMs, warmUps, clock = 'wall' }: Effort,
): Promise<Comparison> {
  const times = { plain: [] as number[], changed: [] as number[] };
  const now = clock === 'wall' ? () => performance.now() : processorMs;
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const start = now();
    await work();
    return now() - start;
  };
  let spentMs = 0;
  for (let round = -warmUps; round < rounds || spentMs < leastMs; round++) {
    const changedFirst = round % 2 === 0;
    const first = await time(changedFirst ? changed : plain);
    const second = await time(changedFirst ? plain : changed);
    if (round < 0) continue;
    spentMs += first + second;
    times.changed.push(changedFirst ? first : second);
    times.plain.push(changedFirst ? second : first);
  }
  const plainMs = quantile(times.plain, 0.5);
  const changedMs = quantile(times.changed, 0.5);
  const ratios = times.changed.map((changedTime, round) => changedTime / times.plain[round]!);
  return { ratio: quantile(ratios, 0.5), plainMs, changedMs };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function describeTimes({ plainMs, changedMs }: Comparison): string {
  return `${changedMs.toFixed(1)} ms against ${plainMs.toFixed(1)} ms`;
}
