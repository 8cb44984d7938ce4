/** Everything that can go wrong, as a closed union: the page words each code and offers the way out. */
export type ErrorCode =
  | 'cancelled' // the visitor stopped it
  | 'bad-prompt' // empty, or nothing left of it
  | 'bad-image' // no image, broken, or too large to decode
  | 'bad-captions' // a file of captions that cannot be read; `detail.name`
  | 'bad-parameter' // a number or name outside of its range; `detail.name` and `detail.allowed`
  | 'bad-link' // the address could not be read; `detail.field`
  | 'model-missing' // no such model or file; `detail.id`
  | 'model-corrupt' // SHA-256 or structure does not fit; `detail.file`
  | 'unsupported' // an operator, an architecture, a format that nothing here can run; `detail.what`
  | 'gated' // the hub asks for an account that may read this; `detail.id`, `detail.status`
  | 'quota' // the browser has no room left for it; `detail.bytes`
  | 'busy' // another tab is fetching the same file
  | 'offline' // the browser says that there is no network
  | 'network' // a fetch failed; `detail.url`
  | 'device' // WebGPU asked for and not there, or lost
  | 'memory' // allocation refused
  | 'worker-missing' // the worker's script did not load
  | 'worker-boot' // it threw while starting, or did not answer in time
  | 'worker-crashed' // it died or was terminated while working
  | 'internal'; // a defect of ours

/** Plain, cloneable form of an error: what crosses threads. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: Readonly<Record<string, string | number>>;
}

/** What a job settles with on the wire. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

/** Thrown by pure code and by the client. */
export class VitrineError extends Error {
  override readonly name = 'VitrineError';
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    message: string,
    detail: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}

/** Turns anything thrown into its plain form; what is not a {@link VitrineError} is `internal` with its message kept. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof VitrineError) {
    return { code: thrown.code, message: thrown.message, detail: thrown.detail };
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

export function fromFailure(failure: Failure): VitrineError {
  return new VitrineError(failure.code, failure.message, failure.detail);
}
