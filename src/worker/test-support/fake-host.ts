import type { Runtime } from '../../jobs/runtime.ts';
import type { RuntimeInfo } from '../../protocol/engine.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { JobCancellation } from '../cancel.ts';
import type { Host } from '../runtime.ts';

const info: RuntimeInfo = {
  device: 'wasm',
  webgpu: 'unavailable',
  threads: 1,
  isolated: false,
  halves: false,
};

function absent(): never {
  throw new VitrineError('internal', 'the fake host has none');
}

/** A host without models or a runtime, for jobs that need only a clock. */
export function fakeHost(): Host {
  const runtime: Runtime = {
    device: info.device,
    host: info,
    bytes: absent,
    json: absent,
    tokenizer: absent,
    open: absent,
    now: () => performance.now(),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  };
  return {
    holdings: { heldBytes: () => 0, sessions: () => [], release: async () => undefined },
    describe: async () => info,
    async chooseDevice(device) {
      if (device === 'webgpu') throw new VitrineError('device', 'no WebGPU', { device });
      return info;
    },
    enter: async (_: JobCancellation) => ({ runtime, leave: () => undefined }),
  };
}
