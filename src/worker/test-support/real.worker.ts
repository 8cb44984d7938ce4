/** The real host on the real ONNX runtime, with a tiny model and one job that runs it. */
import { expose } from 'comlink';
import type { SessionSource } from '../../jobs/runtime.ts';
import { createEngine, type JobTable } from '../engine.ts';
import { browserMachine } from '../machine.ts';
import { builtSources } from '../model-source.ts';
import { createModelStore } from '../model-store.ts';
import { createHost } from '../runtime.ts';
import { sha256 } from '../sha256.ts';
import { fakeJobs } from './fake-jobs.ts';
import { loseGpu } from './lose-gpu.ts';
import { addExternal, addModel } from './tiny-model.ts';

const flipped = addModel.slice();
flipped[flipped.length - 1]! ^= 1;
const file = async (path: string) => ({ path, bytes: addModel.length, sha256: await sha256(addModel) });

const entry = async (id: string) => ({ id, family: 'none', title: id, files: { model: await file(id) } });
const store = Promise.all([entry('tiny'), entry('flipped')]).then((models) =>
  createModelStore(
    builtSources(
      { models },
      { tiny: URL.createObjectURL(new Blob([addModel])), flipped: URL.createObjectURL(new Blob([flipped])) },
    ),
  ),
);

/** Submissions that the GPU takes before it is lost. */
const LOSE_AFTER = 100;

const jobs: JobTable = {
  ...fakeJobs,
  /** Twenty runs a seed with nothing else between them, as a generation's steps. */
  async gallery({ seeds }, { runtime, report }) {
    const session = await runtime.open('tiny', async () => ({ graph: addModel }));
    const a = { type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) } as const;
    for (const i of seeds.keys()) {
      for (let run = 0; run < 20; run++) await session.run({ a, b: a }, ['sum']);
      report({ done: i + 1, total: seeds.length, elapsedMs: 0, phase: 'run' });
    }
    return [];
  },
  /** The sums of `a` + `b`, in the model's axes; `model` says which source. The kind is the device. */
  async sites({ model }, { runtime }) {
    const source = async (): Promise<SessionSource> =>
      model === 'external' ? addExternal([10, 20, 30]) : { graph: await runtime.bytes(model, 'model') };
    const session = await runtime.open(model, source);
    const a = { type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) } as const;
    const b = { type: 'float32', dims: [3], data: Float32Array.of(0.5, 0.25, -8) } as const;
    const { sum } = await session.run(model === 'external' ? { a } : { a, b }, ['sum']);
    return [{ name: session.inputs.join(), kind: runtime.device, axes: [...(sum?.data ?? [])].map(String) }];
  },
};

if (self.name === 'loses-gpu') loseGpu(LOSE_AFTER);

const machine = browserMachine();
const host = createHost({
  ...machine,
  store: {
    bytes: async (...request) => (await store).bytes(...request),
    forget: async (id) => (await store).forget(id),
    forgetAll: () => undefined,
    held: () => 0,
  },
  // A software adapter, which the browser of the tests has, would not be chosen by itself.
  findAdapter: async () => {
    const found = await machine.findAdapter();
    if (self.name === 'no-webgpu') return { ...found, webgpu: 'unavailable' };
    return self.name === 'loses-gpu' && found.webgpu === 'software'
      ? { ...found, webgpu: 'available' }
      : found;
  },
});

expose(createEngine(host, jobs));
