import { expose } from 'comlink';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine, Fallback, RuntimeInfo } from '../protocol/engine.ts';
import { type Failure, VitrineError } from '../protocol/errors.ts';
import type { Device } from '../protocol/jobs.ts';
import { createEngine } from '../worker/engine.ts';
import { fakeHost } from '../worker/test-support/fake-host.ts';
import { counted, fakeJobs } from '../worker/test-support/fake-jobs.ts';
import { createClient } from './client.ts';
import type { WorkerLike } from './worker-link.ts';

/** An engine at the other end of a message channel: everything of a worker but its thread. */
function channelWorker(onTerminate = () => {}): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  expose(createEngine(fakeHost(), fakeJobs), port2);
  port1.start();
  return Object.assign(port1, {
    terminate() {
      onTerminate();
      port1.close();
    },
  });
}

const gpuInfo: RuntimeInfo = {
  device: 'webgpu',
  webgpu: 'available',
  threads: 1,
  isolated: false,
  halves: false,
};

/** A worker whose engine does what the test says. */
function scriptedWorker(engine: Partial<Engine>): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  expose(
    { describe: async () => gpuInfo, live: async () => false, cancel: () => undefined, ...engine },
    port2,
  );
  port1.start();
  return Object.assign(port1, { terminate: () => port1.close() });
}

/** A worker that never answers. */
function deafWorker(): WorkerLike {
  return Object.assign(new MessageChannel().port1, { terminate() {} });
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const thrown: unknown = await promise.then(
    (value) => new Error(`fulfilled with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  return thrown instanceof VitrineError ? thrown.code : String(thrown);
}

const read = (prompt: string) => ({ model: 'm', prompt });
const gallery = (count: number) => ({ seeds: Array.from({ length: count }, (_, i) => i), size: 16 });

beforeEach(() => {
  counted.runs = 0;
});

describe('createClient over a message channel', () => {
  it('runs a job: all of its progress in order, then its result', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    const seen: number[] = [];
    const items = await client.run('gallery', gallery(7), { onProgress: ({ done }) => seen.push(done) });
    expect(items.map(({ seed, pixels }) => [seed, pixels.data.length, pixels.data[0]])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((seed) => [seed, 1024, seed]),
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    client.dispose();
  });

  it('runs jobs side by side', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    const slow = client.run('gallery', gallery(20));
    expect((await client.run('readPrompt', read('hello'))).words[0]?.text).toBe('hello');
    expect(counted.runs).toBeLessThan(20);
    await slow;
    client.dispose();
  });

  it('tells what is wrong with parameters, with the name and what is allowed', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    await expect(client.run('gallery', { seeds: [1], size: 4 })).rejects.toMatchObject({
      code: 'bad-parameter',
      detail: { name: 'size', allowed: '16 to 1024' },
    });
    expect(await codeOf(client.run('readPrompt', read('  ')))).toBe('bad-prompt');
    client.dispose();
  });

  it('turns a defect into internal, with its message, and goes on', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    await expect(client.run('readPrompt', read('throw'))).rejects.toMatchObject({
      code: 'internal',
      message: 'x is undefined',
    });
    await client.run('readPrompt', read('fine'));
    client.dispose();
  });

  it('survives progress that cannot be sent and a page that throws on it', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    await client.run('readPrompt', read('unclonable'));
    const onProgress = () => {
      throw new Error('drawing failed');
    };
    expect(await client.run('gallery', gallery(3), { onProgress })).toHaveLength(3);
    client.dispose();
  });

  it('cancels: rejects at once, and no run follows', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    const controller = new AbortController();
    const seen: number[] = [];
    const job = client.run('gallery', gallery(200), {
      signal: controller.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 3) controller.abort();
      },
    });
    expect(await codeOf(job)).toBe('cancelled');
    await wait(20);
    const runs = counted.runs;
    expect(runs).toBeLessThan(10);
    await wait(50);
    expect(counted.runs).toBe(runs);
    expect(seen).toEqual([1, 2, 3]);
    client.dispose();
  });

  it('does not start what was cancelled before', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    const controller = new AbortController();
    const waiting = client.run('gallery', gallery(5), { signal: controller.signal });
    controller.abort();
    expect(await codeOf(waiting)).toBe('cancelled');
    expect(await codeOf(client.run('gallery', gallery(5), { signal: controller.signal }))).toBe('cancelled');
    await wait(30);
    expect(counted.runs).toBe(0);
    client.dispose();
  });

  it('drops late answers', async () => {
    let spawned = 0;
    const spawn = () => {
      spawned += 1;
      return channelWorker();
    };
    const client = createClient({ spawn });
    const controller = new AbortController();
    const seen: unknown[] = [];
    const late = client.run('readPrompt', read('late'), {
      signal: controller.signal,
      onProgress: (progress) => seen.push(progress),
    });
    await wait(20);
    controller.abort();
    expect(await codeOf(late)).toBe('cancelled');
    await wait(150);
    expect(seen).toEqual([]);
    expect((await client.run('readPrompt', read('next'))).words[0]?.text).toBe('next');
    expect(spawned).toBe(1);
    client.dispose();
  });

  it('drops late progress, whatever the worker sends', async () => {
    const start: Engine['start'] = async (_id, _kind, _params, report) => {
      await wait(50);
      await report({ done: 1, total: 1, elapsedMs: 0, phase: 'run' });
      return { ok: false, error: { code: 'cancelled', message: '' } };
    };
    const client = createClient({ spawn: () => scriptedWorker({ start }) });
    const controller = new AbortController();
    const seen: unknown[] = [];
    const late = client.run('readPrompt', read('x'), {
      signal: controller.signal,
      onProgress: (progress) => seen.push(progress),
    });
    await wait(20);
    controller.abort();
    expect(await codeOf(late)).toBe('cancelled');
    await wait(80);
    expect(seen).toEqual([]);
    client.dispose();
  });

  it('puts a new worker on the device that was chosen', async () => {
    const chosen: Device[][] = [];
    const spawn = () => {
      const devices: Device[] = [];
      chosen.push(devices);
      return scriptedWorker({
        async chooseDevice(device) {
          devices.push(device);
          return {
            ok: true,
            value: { device, webgpu: 'available', threads: 1, isolated: false, halves: false },
          };
        },
        start: async () => ({ ok: false, error: { code: 'memory', message: '', detail: { fatal: 1 } } }),
      });
    };
    const client = createClient({ spawn });
    await client.chooseDevice('wasm');
    expect(await codeOf(client.run('readPrompt', read('x')))).toBe('memory');
    await client.info();
    expect(chosen).toEqual([['wasm'], ['wasm']]);
    client.dispose();
  });

  /** Workers whose jobs fail on WebGPU as told, and answer on WASM; what each was asked. */
  function failingGpu(failure: Failure) {
    const workers: string[][] = [];
    const spawn = () => {
      const asked: string[] = [];
      workers.push(asked);
      let device: Device = 'webgpu';
      return scriptedWorker({
        async chooseDevice(wanted) {
          device = wanted;
          asked.push(wanted);
          return { ok: true, value: { ...gpuInfo, device } };
        },
        async start(_id, _kind, params, report) {
          asked.push(`${device} ${'prompt' in params ? params.prompt : ''}`);
          await report({ done: 1, total: 2, elapsedMs: 0, phase: 'run' } as never);
          await wait(20);
          return device === 'webgpu'
            ? { ok: false, error: failure }
            : { ok: true, value: { tokens: [], words: [], cut: [device] } as never };
        },
      });
    };
    return { workers, spawn };
  }

  it.each([
    ['lost', { code: 'device', message: 'gone', detail: { device: 'webgpu', fatal: 1 } }],
    ['full', { code: 'memory', message: 'gone', detail: { device: 'webgpu', fatal: 1 } }],
  ] as const)('starts jobs again on WASM, on a new worker, when the GPU is %s', async (why, failure) => {
    const { workers, spawn } = failingGpu(failure);
    const client = createClient({ spawn });
    const told: Fallback[] = [];
    client.onFallback((fallback) => told.push(fallback));
    const answers = await Promise.all(['a', 'b'].map((prompt) => client.run('readPrompt', read(prompt))));
    expect(answers.map(({ cut }) => cut)).toEqual([['wasm'], ['wasm']]);
    expect(workers).toEqual([
      ['webgpu a', 'webgpu b'],
      ['wasm', 'wasm a', 'wasm b'],
    ]);
    expect(told).toEqual([{ why, message: 'gone' }]);
    // Those that come later go there at once.
    await client.run('readPrompt', read('c'));
    expect(workers[1]?.at(-1)).toBe('wasm c');
    client.dispose();
  });

  it('stays with its worker, on WASM, when WebGPU computes something else', async () => {
    const { workers, spawn } = failingGpu({
      code: 'device',
      message: 'off',
      detail: { device: 'webgpu', difference: '0.5' },
    });
    const client = createClient({ spawn });
    const told: Fallback[] = [];
    client.onFallback((fallback) => told.push(fallback));
    expect((await client.run('readPrompt', read('a'))).cut).toEqual(['wasm']);
    expect(workers).toEqual([['webgpu a', 'wasm', 'wasm a']]);
    expect(told).toEqual([{ why: 'differs', message: 'off' }]);
    client.dispose();
  });

  it.each([
    ['WASM has no memory either', { code: 'memory', message: '', detail: { device: 'wasm', fatal: 1 } }],
    ['WebGPU was never there', { code: 'device', message: '', detail: { device: 'webgpu' } }],
  ] as const)('tells the failure and goes nowhere when %s', async (_, failure) => {
    const { workers, spawn } = failingGpu(failure);
    const client = createClient({ spawn });
    let told = 0;
    client.onFallback(() => (told += 1));
    expect(await codeOf(client.run('readPrompt', read('a')))).toBe(failure.code);
    expect(workers[0]).toEqual(['webgpu a']);
    expect(told).toBe(0);
    client.dispose();
  });

  it('does not start a job again that was called off when the GPU went', async () => {
    const { workers, spawn } = failingGpu({
      code: 'device',
      message: 'gone',
      detail: { device: 'webgpu', fatal: 1 },
    });
    const client = createClient({ spawn });
    const controller = new AbortController();
    const job = client.run('readPrompt', read('a'), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await codeOf(job)).toBe('cancelled');
    await wait(60);
    expect(workers.flat()).toEqual(['webgpu a']);
    client.dispose();
  });

  it('replaces a worker whose cancelled job does not stop, and starts its other jobs again', async () => {
    let terminated = 0;
    const client = createClient({ spawn: () => channelWorker(() => (terminated += 1)), stopTimeoutMs: 50 });
    const controller = new AbortController();
    const stuck = client.run('readPrompt', read('hang'), { signal: controller.signal });
    const innocent = client.run('gallery', gallery(30));
    await wait(20);
    controller.abort();
    expect(await codeOf(stuck)).toBe('cancelled');
    expect(await innocent).toHaveLength(30);
    expect(terminated).toBe(1);
    client.dispose();
  });

  it('never stops a job by a clock that nobody cancelled', async () => {
    let terminated = 0;
    const client = createClient({
      spawn: () => channelWorker(() => (terminated += 1)),
      bootTimeoutMs: 60,
      stopTimeoutMs: 20,
    });
    expect(await client.run('gallery', gallery(40))).toHaveLength(40);
    expect(terminated).toBe(0);
    client.dispose();
  });

  it('replaces a worker whose heap is full', async () => {
    let spawned = 0;
    const spawn = () => {
      spawned += 1;
      return channelWorker();
    };
    const client = createClient({ spawn });
    expect(await codeOf(client.run('readPrompt', read('fatal')))).toBe('memory');
    await client.run('readPrompt', read('fine'));
    expect(spawned).toBe(2);
    client.dispose();
  });

  it('gives up on a worker that does not answer, and asks another the next time', async () => {
    let spawned = 0;
    const spawn = () => (++spawned === 1 ? deafWorker() : channelWorker());
    const client = createClient({ spawn, bootTimeoutMs: 30 });
    expect(await codeOf(client.run('readPrompt', read('x')))).toBe('worker-boot');
    expect((await client.info()).device).toBe('wasm');
    expect(spawned).toBe(2);
    client.dispose();
  });

  it('reports a worker that cannot even be constructed', async () => {
    const client = createClient({
      spawn: () => {
        throw new Error('blocked by policy');
      },
    });
    expect(await codeOf(client.info())).toBe('worker-missing');
  });

  it('reports a device that is not there and stays on the one it has', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    await expect(client.chooseDevice('webgpu')).rejects.toMatchObject({
      code: 'device',
      detail: { device: 'webgpu' },
    });
    expect((await client.chooseDevice('wasm')).device).toBe('wasm');
    client.dispose();
  });

  it('rejects what is pending when it is disposed, and everything after', async () => {
    const client = createClient({ spawn: () => channelWorker() });
    const pending = codeOf(client.run('readPrompt', read('hang')));
    await wait(20);
    client.dispose();
    expect(await pending).toBe('worker-crashed');
    expect(await codeOf(client.info())).toBe('worker-crashed');
  });
});
