import type { Session, SessionSource } from '../jobs/runtime.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';
import { type OrtTensor, toTensor, toValue } from './ort-values.ts';
import type { InputSpec } from './probe-feeds.ts';
import { toRunError } from './run-error.ts';

type Ort = typeof import('onnxruntime-web');

/** The ONNX runtime on one device. Its calls, and those of its sessions, must not overlap: put them in one queue. */
export interface Backend {
  create(source: SessionSource): Promise<OrtSession>;
}

export interface OrtSession extends Session {
  readonly specs: readonly InputSpec[];
}

/**
 * Loads the build of the ONNX runtime for a device. Imported dynamically so that it is a chunk of its own: every thread of it
 * loads that chunk, which must not be the whole worker. It finds its .wasm next to itself, on our own origin.
 */
export async function loadOrt(device: Device, threads: number): Promise<Backend> {
  const ort = await importOrt(device);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.proxy = false;
  const loss = new DeviceLoss();
  return {
    async create(source) {
      const session = await guard(device, loss, () => createSession(ort, device, source));
      if (device === 'webgpu') loss.watch(ort.env.webgpu.device);
      const specs = session.inputMetadata.map(
        (input): InputSpec =>
          input.isTensor
            ? { name: input.name, type: input.type, shape: input.shape }
            : { name: input.name, type: '', shape: [] },
      );
      const types = new Map(specs.map(({ name, type }) => [name, type]));
      return {
        inputs: session.inputNames,
        outputs: session.outputNames,
        specs,
        run: (feeds, fetch) =>
          guard(device, loss, async () => {
            const tensors: Record<string, OrtTensor> = {};
            for (const [name, value] of Object.entries(feeds))
              tensors[name] = toTensor(ort, value, types.get(name));
            const results = await session.run(tensors, [...fetch]);
            return Object.fromEntries(fetch.map((name) => [name, toValue(name, results[name])]));
          }),
        release: () => guard(device, loss, () => session.release()),
      };
    },
  };
}

function importOrt(device: Device): Promise<Ort> {
  if (device === 'wasm') return import('onnxruntime-web/wasm');
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

/** One execution provider, named: a list of several would fall back without a word. */
function createSession(ort: Ort, device: Device, { graph, weights }: SessionSource) {
  return ort.InferenceSession.create(graph, {
    executionProviders: [device],
    ...(weights ? { externalData: [weights] } : {}),
    // Weights go straight to where they stay: the arena of the heap would round each up.
    ...(weights && device === 'wasm'
      ? { extra: { session: { use_device_allocator_for_initializers: '1' } } }
      : {}),
  });
}

/** Runs `work`, gives its errors a code, and settles even when a lost GPU never answers. */
async function guard<T>(device: Device, loss: DeviceLoss, work: () => Promise<T>): Promise<T> {
  try {
    return await loss.interrupt(work);
  } catch (error) {
    throw toRunError(error, device);
  }
}

class DeviceLoss {
  #error: VitrineError | undefined;
  #watching = false;
  readonly #interrupts = new Set<(error: VitrineError) => void>();

  /** Takes a device or a promise of one: the runtime gives either, whatever its types say. */
  watch(device: unknown): void {
    if (this.#watching) return;
    this.#watching = true;
    Promise.resolve(device)
      .then((found) => (found as { lost: Promise<{ reason: string; message: string }> }).lost)
      .then(({ reason, message }) => {
        // The runtime itself may destroy its device once nothing uses it.
        if (reason === 'destroyed') return;
        this.#error = new VitrineError('device', `the GPU was lost: ${message}`, {
          device: 'webgpu',
          fatal: 1,
        });
        for (const interrupt of this.#interrupts) interrupt(this.#error);
      })
      .catch(() => undefined);
  }

  interrupt<T>(work: () => Promise<T>): Promise<T> {
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#interrupts.add(reject);
      work()
        .then(resolve, reject)
        .finally(() => this.#interrupts.delete(reject));
    });
  }
}
