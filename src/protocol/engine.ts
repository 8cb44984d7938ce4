import type { Outcome } from './errors.ts';
import type { Device, JobKind, Jobs } from './jobs.ts';

/** What the worker found out about the machine, and what it runs on. */
export interface RuntimeInfo {
  readonly device: Device;
  readonly webgpu: 'available' | 'unavailable' | 'software';
  /** Whether the GPU computes in halves (`shader-f16`). */
  readonly halves: boolean;
  /** What the browser says of the machine's memory, in bytes: rounded and capped by it; absent where it says nothing. */
  readonly memoryBytes?: number;
  readonly threads: number;
  readonly isolated: boolean;
}

/** Why a job that began on WebGPU was started again on WASM, by itself. */
export interface Fallback {
  /** The GPU went away, ran out of memory, or computed something else than WASM on a small input. */
  readonly why: 'lost' | 'full' | 'differs';
  readonly message: string;
}

/** The one object a worker exposes. Jobs run side by side; sessions are created and run one at a time. */
export interface Engine {
  describe(): Promise<RuntimeInfo>;
  /**
   * Holds the Web Lock of this name until the worker dies, and resolves once it does: whoever is granted the lock next
   * knows that the worker is gone, however that happened (no event tells). False where there are no Web Locks.
   */
  live(lock: string): Promise<boolean>;
  /** Switches the device for sessions opened from now on; `device` error when it is not there. */
  chooseDevice(device: Device): Promise<Outcome<RuntimeInfo>>;
  /** Never rejects: settles with the outcome. `report` is called with progress until then. */
  start<K extends JobKind>(
    id: number,
    kind: K,
    params: Jobs[K]['params'],
    report: (progress: Jobs[K]['progress']) => void,
  ): Promise<Outcome<Jobs[K]['result']>>;
  /** Stops a job at its next run boundary; its start() settles with `cancelled`. Unknown ids are ignored. */
  cancel(id: number): void;
}

/** Name of a worker that shares the machine with others of its kind: it computes in one thread. */
export const SINGLE_THREADED = 'single-threaded';
