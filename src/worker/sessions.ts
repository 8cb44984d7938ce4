import type { SerialQueue } from '../jobs/queue.ts';
import type { Cancellation, Session, SessionSource } from '../jobs/runtime.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';
import { macrotask } from './macrotask.ts';

/** What makes sessions: the ONNX runtime on one device. */
export interface SessionMaker {
  create(source: SessionSource): Promise<Session>;
}

export interface Sessions {
  /**
   * The session of this key on this device, opened by the first caller and shared by the rest. A failure is forgotten: the next
   * caller tries again. A job that was cancelled starts nothing more, not even what already waits in the queue.
   */
  open(
    device: Device,
    key: string,
    build: () => Promise<SessionSource>,
    cancellation: Cancellation,
  ): Promise<Session>;
  /** Closes the sessions of one model, whatever the device. */
  release(model: string): Promise<void>;
  /** Keys of the sessions that are open. */
  keys(): readonly string[];
  /** Closes every session on this device; the next `open` makes it anew. */
  releaseAll(device: Device): Promise<void>;
}

/** Opens and runs sessions through one queue: neither WebGPU nor a threaded WASM heap takes two calls at once. */
export function createSessions(
  queue: SerialQueue,
  backend: (device: Device) => Promise<SessionMaker>,
): Sessions {
  const opened = new Map<string, Promise<Session>>();
  const address = (device: Device, key: string) => `${device}:${key}`;

  async function create(device: Device, build: () => Promise<SessionSource>, cancellation: Cancellation) {
    // Files are read and instrumented outside of the queue, so that other jobs run meanwhile.
    const source = await build();
    return queue.push(async () => {
      cancellation.check();
      return (await backend(device)).create(source);
    });
  }

  async function close(at: string): Promise<void> {
    const opening = opened.get(at);
    opened.delete(at);
    // Awaited outside of the queue: its creation may still have to go through it.
    const session = await opening;
    if (session) await queue.push(() => session.release());
  }

  return {
    async open(device, key, build, cancellation) {
      const at = address(device, key);
      for (;;) {
        cancellation.check();
        let shared = opened.get(at);
        const own = shared === undefined;
        if (!shared) {
          shared = create(device, build, cancellation);
          opened.set(at, shared);
        }
        try {
          return scoped(await shared, queue, cancellation, () => close(at));
        } catch (error) {
          if (opened.get(at) === shared) opened.delete(at);
          // The job that was opening it was cancelled, not this one: try again.
          if (!own && error instanceof VitrineError && error.code === 'cancelled') continue;
          throw error;
        }
      }
    },
    async release(model) {
      const mine = [...opened.keys()].filter((at) => at.slice(at.indexOf(':') + 1).startsWith(`${model}/`));
      await Promise.all(mine.map((at) => close(at).catch(() => undefined)));
    },
    keys: () => [...opened.keys()],
    async releaseAll(device) {
      const mine = [...opened.keys()].filter((at) => at.startsWith(address(device, '')));
      await Promise.all(mine.map((at) => close(at).catch(() => undefined)));
    },
  };
}

/** A session as one job sees it. */
function scoped(
  session: Session,
  queue: SerialQueue,
  cancellation: Cancellation,
  close: () => Promise<void>,
): Session {
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    run: (feeds, fetch) =>
      queue.push(async () => {
        // A run on WASM never leaves the thread: without a pause, a cancel would be heard only after the last run.
        await macrotask();
        cancellation.check();
        return session.run(feeds, fetch);
      }),
    release: close,
  };
}
