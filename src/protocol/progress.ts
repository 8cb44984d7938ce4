/** How far a job is, and what it runs on. */

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Milliseconds since the work began, model loading not counted. */
  readonly elapsedMs: number;
  /** Estimated milliseconds left; absent until there is something to estimate from. */
  readonly leftMs?: number;
  /** What is going on: `load` while files are read and checked. */
  readonly phase: 'load' | 'run';
}

export type Device = 'webgpu' | 'wasm';
