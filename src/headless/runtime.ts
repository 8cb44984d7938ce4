/** The Node host: the same jobs as in the page, on onnxruntime-node, with model files read from a folder. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { memoised } from '../jobs/memoised.ts';
import { SerialQueue } from '../jobs/queue.ts';
import type { Runtime, Session, SessionSource, Value } from '../jobs/runtime.ts';
import { buildTokenizer } from '../jobs/tokenizer.ts';
import { besideName, besideRole, joinBeside } from '../onnx/beside.ts';
import { VitrineError } from '../protocol/errors.ts';
import { fromHalves, toHalves } from '../tensor/float16.ts';
import { decodePicture } from './decode-picture.ts';

export interface NodeRuntimeOptions {
  /** The folder that holds `index.json`. */
  readonly models?: string;
  /** Threads of a session; 2 by default, which is what the bars are measured with. */
  readonly threads?: number;
  /** Changes a checked file before anybody reads it: controls shuffle weights with it. */
  readonly transform?: (bytes: Uint8Array, model: string, file: string) => Uint8Array;
}

export interface NodeRuntime extends Runtime {
  /** Releases every session. */
  close(): Promise<void>;
}

interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface ModelIndexFile {
  readonly models: readonly { readonly id: string; readonly files: Readonly<Record<string, FileEntry>> }[];
}

/** VITRINE_MODELS names another folder, for judging a training's interim export. */
export const MODELS_FOLDER = process.env.VITRINE_MODELS ?? join(import.meta.dirname, '../../models');

export function createNodeRuntime(options: NodeRuntimeOptions = {}): NodeRuntime {
  const folder = options.models ?? MODELS_FOLDER;
  const sessions = new Map<string, Promise<Session>>();
  const files = new Map<string, Promise<Uint8Array>>();
  const queue = new SerialQueue();

  const read = async (model: string, file: string): Promise<Uint8Array> => {
    const index: ModelIndexFile = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
    const files = index.models.find(({ id }) => id === model)?.files ?? {};
    const bytes = await readEntry(model, file, files[file]);
    const beside = Object.entries(files).filter(([role]) => besideRole(role) === file);
    const data = await Promise.all(
      beside.map(async ([role, entry]) => ({
        name: besideName(entry.path),
        data: await readEntry(model, role, entry),
      })),
    );
    return options.transform?.(joinBeside(bytes, data), model, file) ?? joinBeside(bytes, data);
  };

  const readEntry = async (
    model: string,
    file: string,
    entry: FileEntry | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    if (!entry)
      throw new VitrineError('model-missing', `no file ${file} of model ${model}`, { id: model, file });
    const path = join(folder, entry.path);
    const bytes = new Uint8Array(
      await readFile(path).catch((cause: unknown) => {
        throw new VitrineError(
          'model-missing',
          `cannot read ${entry.path}: train or fetch it`,
          { id: model, file },
          cause,
        );
      }),
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== entry.sha256) {
      throw new VitrineError('model-corrupt', `${entry.path} has another SHA-256 than index.json says`, {
        file,
      });
    }
    return bytes;
  };

  const bytes = (model: string, file: string): Promise<Uint8Array> =>
    memoised(files, `${model}/${file}`, () => read(model, file));
  const json = async (model: string, file: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await bytes(model, file)));

  return {
    // The processor's kernels, as in the page without WebGPU.
    device: 'wasm',
    host: sessions,
    bytes,
    json,
    tokenizer: async (model) =>
      buildTokenizer(await json(model, 'tokenizer'), await json(model, 'tokenizer_config')),
    open: (key, build) =>
      memoised(sessions, key, async () => {
        const source = await build();
        return queue.push(() => openSession(source, options.threads ?? 2, queue));
      }),
    decodePicture,
    now: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    close: async () => {
      const open = [...sessions.values()];
      sessions.clear();
      for (const session of open) await (await session).release();
    },
  };
}

async function openSession(source: SessionSource, threads: number, queue: SerialQueue): Promise<Session> {
  const session = await InferenceSession.create(source.graph, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Weights go straight to where they stay: the arena would round each up, and touch what it added.
    ...(source.weights
      ? {
          externalData: [source.weights],
          extra: { session: { use_device_allocator_for_initializers: '1' } },
        }
      : {}),
  });
  const types = new Map(session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : '']));
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    run: (feeds, fetch) =>
      queue.push(async () => {
        const tensors = Object.entries(feeds).map(
          ([name, value]) => [name, toTensor(value, types.get(name))] as const,
        );
        const results = await session.run(Object.fromEntries(tensors), [...fetch]);
        return Object.fromEntries(fetch.map((name) => [name, fromTensor(name, results[name])]));
      }),
    release: () => queue.push(() => session.release()),
  };
}

function toTensor(value: Value, wanted: string | undefined): Tensor {
  if (value.type === 'float32' && wanted === 'float16') {
    return new Tensor('float16', toHalves(value.data), value.dims);
  }
  if (value.type === 'int64' && wanted === 'int32') {
    return new Tensor('int32', Int32Array.from(value.data, Number), value.dims);
  }
  if (value.type === 'int64' && (wanted === 'float32' || wanted === 'float16')) {
    return toTensor(
      { type: 'float32', dims: value.dims, data: Float32Array.from(value.data, Number) },
      wanted,
    );
  }
  return new Tensor(value.type, value.data as Tensor['data'], value.dims);
}

function fromTensor(name: string, result: Tensor | undefined): Value {
  const dims = result?.dims;
  const data = result?.data;
  if (dims && data instanceof Float32Array) return { type: 'float32', dims, data };
  if (dims && data instanceof BigInt64Array) return { type: 'int64', dims, data };
  if (dims && data instanceof Int32Array) return { type: 'int32', dims, data };
  if (dims && data instanceof Uint16Array && result.type === 'uint16') return { type: 'uint16', dims, data };
  if (dims && data instanceof Uint8Array && result.type === 'bool') return { type: 'bool', dims, data };
  if (dims && ArrayBuffer.isView(data) && result.type === 'float16') {
    const halves = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    return { type: 'float32', dims, data: fromHalves(halves) };
  }
  throw new RangeError(`output ${name} has type ${result?.type ?? 'none'}`);
}
