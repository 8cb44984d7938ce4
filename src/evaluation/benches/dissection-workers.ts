/** The same dissection in a worker a core, merged: what the page does with a long one. */

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Survey } from '../../methods/dissection/survey.ts';
import { tableRows } from '../../methods/dissection/table.ts';
import { Tally } from '../../methods/dissection/tally.ts';
import type { Captured } from './dissection-worker.ts';

export interface Workers {
  readonly count: number;
  /** Both passes over everything. */
  run(): Promise<Tally>;
  close(): Promise<void>;
}

const SCRIPT = new URL('./dissection-worker.ts', import.meta.url).href;
/** A worker reads no TypeScript of itself. */
const BOOT = `import('tsx/esm/api').then(({ register }) => {
  register();
  return import(require('node:worker_threads').workerData.script);
})`;

/** The activations are handed over once: inference is not what is measured. */
export function openWorkers({ maps, drawings }: Pick<Captured, 'maps' | 'drawings'>): Workers {
  const count = Math.min(availableParallelism(), maps.length);
  const workers = Array.from({ length: count }, (_, index) => {
    const [first, end] = [index, index + 1].map((edge) => Math.floor((edge * maps.length) / count));
    const workerData: Captured = {
      maps: maps.slice(first, end),
      drawings: drawings.slice(first, end),
      first: first!,
      of: maps.length,
    };
    return new Worker(BOOT, { eval: true, workerData: { ...workerData, script: SCRIPT } });
  });
  const pass = (thresholds: Uint8Array | null): Promise<readonly Uint8Array[]> =>
    Promise.all(
      workers.map(async (worker): Promise<Uint8Array> => {
        const answers = once(worker, 'message');
        worker.postMessage(thresholds);
        const [bytes] = await answers;
        return bytes;
      }),
    );
  return {
    count,
    run: async () => {
      const [survey, ...surveys] = (await pass(null)).map((bytes) => Survey.load(bytes));
      for (const other of surveys) survey!.merge(other);
      const [tally, ...tallies] = (await pass(survey!.save())).map((bytes) => Tally.load(bytes));
      for (const other of tallies) tally!.merge(other);
      tableRows(tally!);
      return tally!;
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
