import type { Device, JobKind, Jobs } from '../protocol/jobs.ts';

/** A tensor as a session takes and gives it. */
export type Value =
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly dims: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'bool'; readonly dims: readonly number[]; readonly data: Uint8Array };

export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs once and fetches only the named outputs. Waits its turn in the host's queue. */
  run(
    feeds: Readonly<Record<string, Value>>,
    fetch: readonly string[],
  ): Promise<Readonly<Record<string, Value>>>;
  release(): Promise<void>;
}

/** Splits text into token ids, special tokens included, without padding or truncation. */
export interface Tokenizer {
  encode(text: string): readonly number[];
  /** The text of one token. */
  token(id: number): string;
  id(token: string): number | undefined;
}

/** Host services a job may use; the worker and the Node host implement it. */
export interface Runtime {
  readonly device: Device;
  /** Bytes of one file of a model, checked against the SHA-256 of `models/index.json`; `file` is its role, as `vision_model`. */
  bytes(model: string, file: string): Promise<Uint8Array>;
  json(model: string, file: string): Promise<unknown>;
  tokenizer(model: string): Promise<Tokenizer>;
  /**
   * Opens a session, or returns the one already open under the same `key`. `graph` is ONNX bytes; weights may be external
   * data that points into `weights`.
   */
  open(key: string, build: () => Promise<SessionSource>): Promise<Session>;
  /** Milliseconds, monotonic. */
  now(): number;
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
