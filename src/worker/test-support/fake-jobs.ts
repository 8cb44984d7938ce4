import { VitrineError } from '../../protocol/errors.ts';
import type { GalleryItem } from '../../protocol/jobs.ts';
import type { JobTable } from '../engine.ts';

/** Runs that the gallery job of {@link fakeJobs} has made, in this thread. */
export const counted = { runs: 0 };

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const missing = async () => {
  throw new VitrineError('internal', 'not among the fake jobs');
};

/**
 * Jobs that put the boundary to the test, each under a real job's name. `gallery` makes one short run a seed, with progress;
 * `readPrompt` does what its prompt says; `sites` tells how many runs there were.
 */
export const fakeJobs: JobTable = {
  generate: missing,
  steer: missing,
  inspect: missing,
  explain: missing,
  dissect: missing,
  dissectPart: missing,
  dissectMerge: missing,
  dissectKept: missing,
  nameUnits: missing,
  watchUnits: missing,
  paintUnits: missing,
  namedUnit: missing,
  inspectData: missing,
  unit: missing,
  heads: missing,
  ablateHeads: missing,
  separate: missing,
  embed: missing,
  readAnswer: missing,
  separateAnswer: missing,
  referAnswer: missing,
  collect: missing,
  match: missing,
  refer: missing,
  planModel: missing,
  fetchModel: missing,
  library: missing,
  removeKept: missing,
  answer: missing,
  explainAnswer: missing,
  ablatePatches: missing,
  trace: missing,
  bridge: missing,
  unitEvidence: missing,
  referee: missing,
  surveyLayers: missing,
  pictureUnits: missing,
  classify: missing,
  async gallery({ seeds, size }, { cancellation, report }) {
    const items: GalleryItem[] = [];
    for (const [i, seed] of seeds.entries()) {
      cancellation.check();
      await wait(5);
      counted.runs += 1;
      const data = new Uint8ClampedArray(size * size * 4).fill(seed);
      items.push({ seed, caption: `scene ${seed}`, pixels: { width: size, height: size, data } });
      report({ done: i + 1, total: seeds.length, elapsedMs: 0, phase: 'run' });
    }
    return items;
  },
  async readPrompt({ prompt }, { report }) {
    if (prompt === 'late') {
      // Pays no heed to the cancel, and answers all the same.
      await wait(100);
      report({ done: 1, total: 1, elapsedMs: 0, phase: 'run' });
    }
    if (prompt === 'fatal') throw new VitrineError('memory', 'heap full', { fatal: 1 });
    if (prompt === 'throw') throw new TypeError('x is undefined');
    if (prompt === 'crash') {
      setTimeout(() => {
        throw new Error('uncaught in the worker');
      }, 0);
      await new Promise(() => undefined);
    }
    if (prompt === 'close') {
      globalThis.close();
      await new Promise(() => undefined);
    }
    if (prompt === 'hang') await new Promise(() => undefined);
    if (prompt === 'unclonable')
      report({ done: 0, total: 1, elapsedMs: 0, phase: 'run', f: () => 0 } as never);
    return { tokens: [], words: [{ text: prompt, positions: [1], known: true }], cut: [] };
  },
  sites: async () => [{ name: 'runs', kind: 'count', axes: [], units: counted.runs }],
};
