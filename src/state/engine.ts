import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RuntimeInfo } from '../protocol/engine.ts';
import { type Failure, toFailure } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';

/** What state needs of the client besides running jobs. After the worker's end, the next call starts a fresh one. */
export interface Host {
  info(): Promise<RuntimeInfo>;
  chooseDevice(device: Device): Promise<RuntimeInfo>;
}

export interface EngineState {
  readonly status: 'starting' | 'ready' | 'failed';
  readonly info: RuntimeInfo | undefined;
  /** Why the worker or the last switch failed. */
  readonly failure: Failure | undefined;
  readonly switching: boolean;
}

export interface EngineStore {
  readonly store: StoreApi<EngineState>;
  connect(): Promise<void>;
  /** True when the device changed. */
  switchDevice(device: Device): Promise<boolean>;
  restart(): Promise<void>;
}

export function createEngineStore(host: Host): EngineStore {
  const store = createStore<EngineState>(() => ({
    status: 'starting',
    info: undefined,
    failure: undefined,
    switching: false,
  }));
  const connect = async (): Promise<void> => {
    try {
      const info = await host.info();
      store.setState({ status: 'ready', info, failure: undefined });
    } catch (thrown) {
      store.setState({ status: 'failed', failure: toFailure(thrown) });
    }
  };
  return {
    store,
    connect,
    switchDevice: async (device) => {
      const before = store.getState().info?.device;
      store.setState({ switching: true });
      try {
        const info = await host.chooseDevice(device);
        store.setState({ info, failure: undefined, switching: false });
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
  };
}
