import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fallback, RuntimeInfo } from '../protocol/engine.ts';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';

/** What state needs of the client besides running jobs. After the worker's end, the next call starts a fresh one. */
export interface Host {
  info(): Promise<RuntimeInfo>;
  chooseDevice(device: Device): Promise<RuntimeInfo>;
  onFallback(listener: (fallback: Fallback) => void): void;
}

export interface EngineState {
  readonly status: 'starting' | 'ready' | 'failed';
  readonly info: RuntimeInfo | undefined;
  /** Why the worker or the last switch failed. */
  readonly failure: Failure | undefined;
  readonly switching: boolean;
  /** Set when jobs were moved to WASM without being asked; until the visitor has read it or chosen a device. */
  readonly fallback: Fallback | undefined;
}

export interface EngineStore {
  readonly store: StoreApi<EngineState>;
  connect(): Promise<void>;
  /** True when the device changed. */
  switchDevice(device: Device): Promise<boolean>;
  restart(): Promise<void>;
  /** The visitor has read of the fallback. */
  dismissFallback(): void;
}

export function createEngineStore(host: Host): EngineStore {
  const store = createStore<EngineState>(() => ({
    status: 'starting',
    info: undefined,
    failure: undefined,
    switching: false,
    fallback: undefined,
  }));
  const connect = async (): Promise<void> => {
    try {
      const info = await host.info();
      store.setState({ status: 'ready', info, failure: undefined });
    } catch (thrown) {
      store.setState({ status: 'failed', failure: toFailure(thrown) });
    }
  };
  host.onFallback((fallback) => {
    store.setState({ fallback });
    void connect();
  });
  return {
    store,
    connect,
    switchDevice: async (device) => {
      const before = store.getState().info?.device;
      store.setState({ switching: true });
      try {
        const info = await host.chooseDevice(device);
        store.setState({ info, failure: undefined, switching: false, fallback: undefined });
        return info.device !== before;
      } catch (thrown) {
        store.setState({ failure: toFailure(thrown), switching: false });
        return false;
      }
    },
    restart: async () => {
      store.setState({ status: 'starting', failure: undefined });
      await connect();
    },
    dismissFallback: () => store.setState({ fallback: undefined }),
  };
}
