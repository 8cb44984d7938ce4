import { memoised } from '../jobs/memoised.ts';
import { SerialQueue } from '../jobs/queue.ts';
import type { Runtime, Tokenizer } from '../jobs/runtime.ts';
import type { RuntimeInfo } from '../protocol/engine.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';
import type { AdapterFacts } from './adapter.ts';
import type { JobCancellation } from './cancel.ts';
import { browserCheckpoints } from './checkpoints.ts';
import { decodePicture } from './decode-picture.ts';
import type { LibraryStore } from './library/library.ts';
import type { Holdings } from './library/library-jobs.ts';
import { noteName } from './library/vault.ts';
import { macrotask } from './macrotask.ts';
import type { ModelStore } from './model-store.ts';
import type { Backend } from './ort.ts';
import { type CheckMemory, checkedBackend } from './self-check.ts';
import { createSessions } from './sessions.ts';

/** What the engine needs of its host. */
export interface Host {
  describe(): Promise<RuntimeInfo>;
  /** For jobs that start from now on; throws `device` when it is not there. */
  chooseDevice(device: Device): Promise<RuntimeInfo>;
  /** The runtime of one job. It stays on its device; `onLoad` hears of the bytes that the job waits for, all files together. */
  enter(cancellation: JobCancellation, onLoad: (done: number, total: number) => void): Promise<JobRuntime>;
  /** What of models is held in memory, and the way to let go of it. */
  readonly holdings: Holdings;
}

export interface JobRuntime {
  readonly runtime: Runtime;
  /** Says that the job has ended. Sessions of a device that is no longer in use are closed with its last job. */
  leave(): void;
}

export interface Machine {
  readonly store: ModelStore;
  /** Where the visitor's own models are kept. */
  library(): Promise<LibraryStore>;
  readonly threads: number;
  readonly isolated: boolean;
  readonly memoryBytes: number | undefined;
  findAdapter(): Promise<AdapterFacts>;
  loadBackend(device: Device): Promise<Backend>;
  buildTokenizer(json: unknown, config: unknown): Promise<Tokenizer>;
}

/** After this long without a job, models leave the memory; the next job reads them again. */
const IDLE_MS = 10 * 60_000;

export function createHost(machine: Machine, idleMs = IDLE_MS): Host {
  const adapter = machine.findAdapter();
  const backends = new Map<Device, Promise<Backend>>();
  const backend = (on: Device): Promise<Backend> => memoised(backends, on, () => machine.loadBackend(on));
  const sessions = createSessions(new SerialQueue(), async (on) =>
    on === 'webgpu'
      ? checkedBackend(await backend('webgpu'), () => backend('wasm'), checkMemory(machine, adapter))
      : backend(on),
  );
  const working: Record<Device, number> = { webgpu: 0, wasm: 0 };
  const tokenizers = new Map<string, Tokenizer>();
  const checkpoints = browserCheckpoints();
  const hosts: Record<Device, object> = { webgpu: {}, wasm: {} };
  let chosen: Device | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;

  async function device(): Promise<Device> {
    const { webgpu } = await adapter;
    return chosen ?? (webgpu === 'available' ? 'webgpu' : 'wasm');
  }

  async function describe(): Promise<RuntimeInfo> {
    const { threads, isolated, memoryBytes } = machine;
    const { webgpu, halves } = await adapter;
    const memory = memoryBytes === undefined ? {} : { memoryBytes };
    return { device: await device(), webgpu, halves, threads, isolated, ...memory };
  }

  async function releaseIdle(): Promise<void> {
    const current = await device();
    for (const other of ['webgpu', 'wasm'] as const) {
      if (other !== current && working[other] === 0) await sessions.releaseAll(other);
    }
  }

  /** Parsed models, embedded texts and the like hang on the host object. */
  function forgetMemos(): void {
    hosts.webgpu = {};
    hosts.wasm = {};
    tokenizers.clear();
  }

  async function releaseEverything(): Promise<void> {
    await Promise.all((['webgpu', 'wasm'] as const).map((on) => sessions.releaseAll(on)));
    forgetMemos();
    machine.store.forgetAll();
  }

  const holdings: Holdings = {
    heldBytes: () => machine.store.held(),
    sessions: () => sessions.keys(),
    async release(model) {
      if (model === '') return releaseEverything();
      await sessions.release(model);
      await machine.store.forget(model);
      forgetMemos();
    },
  };

  const parse = async (model: string, file: string, bytes: Promise<Uint8Array>): Promise<unknown> => {
    const text = new TextDecoder().decode(await bytes);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new VitrineError('model-corrupt', `${model} ${file} is not JSON`, { id: model, file }, cause);
    }
  };

  return {
    holdings,
    describe,
    async chooseDevice(wanted) {
      if (wanted === 'webgpu' && (await adapter).webgpu === 'unavailable') {
        throw new VitrineError('device', 'this browser offers no WebGPU adapter', { device: wanted });
      }
      chosen = wanted;
      void releaseIdle();
      return describe();
    },
    async enter(cancellation, onLoad) {
      clearTimeout(idle);
      const on = await device();
      working[on] += 1;
      const total = createLoadTotal(onLoad);
      const bytes = (model: string, file: string) =>
        machine.store.bytes(model, file, {
          signal: cancellation.signal,
          onBytes: total.file(`${model}/${file}`),
        });
      const json = (model: string, file: string) => parse(model, file, bytes(model, file));
      const runtime: Runtime = {
        device: on,
        host: hosts[on],
        bytes,
        json,
        async tokenizer(model) {
          const known = tokenizers.get(model);
          if (known) return known;
          const files = await Promise.all([json(model, 'tokenizer'), json(model, 'tokenizer_config')]);
          const built = await machine.buildTokenizer(...files);
          tokenizers.set(model, built);
          return built;
        },
        open: (key, build) => sessions.open(on, key, build, cancellation),
        checkpoints,
        decodePicture,
        now: () => performance.now(),
        pause: macrotask,
      };
      return {
        runtime,
        leave() {
          working[on] -= 1;
          void releaseIdle();
          if (working.webgpu + working.wasm > 0) return;
          clearTimeout(idle);
          idle = setTimeout(() => void releaseEverything(), idleMs);
        },
      };
    },
  };
}

/** Checks are remembered where models are kept, for the adapter and the graph: another GPU is checked anew. */
function checkMemory(machine: Machine, adapter: Promise<AdapterFacts>): CheckMemory {
  const name = async (key: string) => noteName('check', `${(await adapter).name} ${key}`);
  return {
    async read(key) {
      const text = await (await machine.library()).vault.note(await name(key));
      return text === undefined ? undefined : Number(text);
    },
    async write(key, difference) {
      await (await machine.library()).vault.writeNote(await name(key), String(difference));
    },
  };
}

/** Adds up the progress of several files. */
function createLoadTotal(onLoad: (done: number, total: number) => void) {
  const files = new Map<string, readonly [done: number, total: number]>();
  return {
    file: (name: string) => (done: number, total: number) => {
      files.set(name, [done, total]);
      let allDone = 0;
      let allTotal = 0;
      for (const [fileDone, fileTotal] of files.values()) {
        allDone += fileDone;
        allTotal += fileTotal;
      }
      onLoad(allDone, allTotal);
    },
  };
}
