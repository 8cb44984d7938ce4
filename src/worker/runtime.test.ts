import { describe, expect, it } from 'vitest';
import type { RuntimeInfo } from '../protocol/engine.ts';
import type { Device } from '../protocol/jobs.ts';
import { JobCancellation } from './cancel.ts';
import { createLibrary } from './library/library.ts';
import type { Net } from './library/transfer.ts';
import { memoryVault } from './library/vault.ts';
import { createModelStore } from './model-store.ts';
import type { Backend } from './ort.ts';
import { createHost, type Machine } from './runtime.ts';

const source = { graph: Uint8Array.of(1, 2, 3) };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A machine whose sessions double their input, on WebGPU times `gpuFactor`; counts what is made and closed on each device. */
function machine(webgpu: RuntimeInfo['webgpu'], gpuFactor = 1) {
  const made: Device[] = [];
  const closed: Device[] = [];
  const backend = (device: Device): Backend => ({
    async create() {
      made.push(device);
      return {
        inputs: ['x'],
        outputs: ['y'],
        specs: [{ name: 'x', type: 'float32', shape: [4] }],
        async run({ x }) {
          if (x?.type !== 'float32') throw new Error('no x');
          const factor = device === 'webgpu' ? 2 * gpuFactor : 2;
          return { y: { ...x, data: x.data.map((value) => value * factor) } };
        },
        async release() {
          closed.push(device);
        },
      };
    },
  });
  const net: Net = { fetch, online: () => true, wait: async () => undefined };
  const library = createLibrary(memoryVault(), net, () => 0);
  const file = { key: 'f', path: 'f', bytes: 3, read: async () => Uint8Array.of(1, 2, 3) };
  const parts: Machine = {
    store: createModelStore(async (id) => ({ id, files: { model: file } })),
    library: async () => library,
    threads: 1,
    isolated: false,
    memoryBytes: 8 * 2 ** 30,
    findAdapter: async () => ({ webgpu, halves: webgpu === 'available', name: 'vendor' }),
    loadBackend: async (device) => backend(device),
    buildTokenizer: async () => {
      throw new Error('no tokenizer');
    },
  };
  return { parts, made, closed };
}

const enter = (host: ReturnType<typeof createHost>) => host.enter(new JobCancellation(), () => undefined);

describe('the device', () => {
  it.each([
    ['available', 'webgpu'],
    ['software', 'wasm'],
    ['unavailable', 'wasm'],
  ] as const)('of an adapter that is %s is %s, told with what was found', async (webgpu, device) => {
    expect(await createHost(machine(webgpu).parts).describe()).toEqual({
      device,
      webgpu,
      halves: webgpu === 'available',
      memoryBytes: 8 * 2 ** 30,
      threads: 1,
      isolated: false,
    });
  });

  it('is compared with WASM once a graph, and refused where it computes something else', async () => {
    const good = machine('available');
    const host = createHost(good.parts);
    const { runtime, leave } = await enter(host);
    await runtime.open('a', async () => source);
    await runtime.open('b', async () => source);
    expect(good.made).toEqual(['webgpu', 'wasm', 'webgpu']);
    leave();

    const bad = machine('available', 1.5);
    const { runtime: other } = await enter(createHost(bad.parts));
    await expect(other.open('a', async () => source)).rejects.toMatchObject({
      code: 'device',
      detail: { device: 'webgpu' },
    });
  });
});

describe('idleness', () => {
  it('lets go of sessions and bytes some time after the last job, and not before', async () => {
    const { parts, made, closed } = machine('unavailable');
    const host = createHost(parts, 40);
    const [first, second] = await Promise.all([enter(host), enter(host)]);
    await first.runtime.bytes('m', 'model');
    await first.runtime.open('m/a', async () => source);
    first.leave();
    await wait(80);
    expect([host.holdings.sessions().length, host.holdings.heldBytes(), closed.length]).toEqual([1, 3, 0]);
    second.leave();
    await wait(10);
    // A job that comes in time finds everything as it was.
    const third = await enter(host);
    await third.runtime.open('m/a', async () => source);
    await wait(80);
    expect(made).toHaveLength(1);
    third.leave();
    await wait(80);
    expect([host.holdings.sessions().length, host.holdings.heldBytes(), closed.length]).toEqual([0, 0, 1]);
    const fourth = await enter(host);
    await fourth.runtime.open('m/a', async () => source);
    expect(made).toHaveLength(2);
    fourth.leave();
  });

  it('closes what the other device held once it was left', async () => {
    const { parts, closed } = machine('available');
    const host = createHost(parts);
    const job = await enter(host);
    await job.runtime.open('a', async () => source);
    const compared = closed.length;
    await host.chooseDevice('wasm');
    await wait(10);
    expect(closed.slice(compared)).toEqual([]);
    job.leave();
    await wait(10);
    expect(closed.slice(compared)).toEqual(['webgpu']);
  });
});
