import type { Session, Tokenizer } from '../families/session.ts';
import type { Pixels } from '../protocol/image.ts';
import type { Device, JobKind, Jobs } from '../protocol/jobs.ts';

export type { Session, Tokenizer, Value } from '../families/session.ts';

/** Host services a job may use; the worker and the Node host implement it. */
export interface Runtime {
  readonly device: Device;
  /** The same object for all runtimes of one host and device: what jobs remember for each other hangs on it. */
  readonly host: object;
  /** Bytes of one file of a model, checked against the SHA-256 of `models/index.json`; `file` is its role, as `vision_model`. */
  bytes(model: string, file: string): Promise<Uint8Array>;
  json(model: string, file: string): Promise<unknown>;
  tokenizer(model: string): Promise<Tokenizer>;
  /**
   * Opens a session, or returns the one already open under the same `key`. `graph` is ONNX bytes; weights may be external
   * data that points into `weights`. The session stops with the job that opened it: do not remember it for other jobs, they
   * open it again by its key.
   */
  open(key: string, build: () => Promise<SessionSource>): Promise<Session>;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Keeps the state of long work over a reload; absent where there is nothing to keep it in. */
  readonly checkpoints?: Checkpoints;
  /** Decodes a picture file that is no PNG (JPEG, WebP); absent where there is no decoder. Rejects for broken files. */
  readonly decodePicture?: (bytes: Uint8Array<ArrayBuffer>) => Promise<Pixels>;
  /** Settles in a later macrotask: long computations await it now and then, so that a cancel message gets through. */
  pause(): Promise<void>;
}

/** Named bytes that outlive the thread. A failure to write is not a failure of the job: `save` may do nothing. */
export interface Checkpoints {
  load(key: string): Promise<Uint8Array | null>;
  save(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface SessionSource {
  readonly graph: Uint8Array;
  readonly weights?: { readonly path: string; readonly data: Uint8Array };
}

export interface Cancellation {
  readonly cancelled: boolean;
  /** Throws VitrineError 'cancelled' once cancelled. */
  check(): void;
}

/** A job is one function; the runtime is passed in, so that both hosts run the same code. */
export type Job<K extends JobKind> = (
  params: Jobs[K]['params'],
  context: JobContext<Jobs[K]['progress']>,
) => Promise<Jobs[K]['result']>;

export interface JobContext<Progress> {
  readonly runtime: Runtime;
  readonly cancellation: Cancellation;
  report(progress: Progress): void;
}
