import { afterEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../client/client.ts';

let client: Client;
afterEach(() => client.dispose());

const spawn = (name: string) => () =>
  new Worker(new URL('./test-support/real.worker.ts', import.meta.url), { type: 'module', name });

async function timed(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work;
  return performance.now() - begin;
}

describe('the engine on the real runtime', () => {
  it('runs on WASM, with threads when the page is isolated', async () => {
    client = createClient({ spawn: spawn('no-webgpu') });
    const info = await client.info();
    expect(info).toMatchObject({ device: 'wasm', webgpu: 'unavailable', isolated: crossOriginIsolated });
    expect(crossOriginIsolated).toBe(true);
    expect(info.threads).toBe(Math.min(navigator.hardwareConcurrency, 4));
    const [result] = await client.run('sites', { model: 'tiny' });
    expect(result).toEqual({ name: 'a,b', kind: 'wasm', axes: ['1.5', '2.25', '-5'] });
  });

  it('reads weights from external data', async () => {
    client = createClient({ spawn: spawn('no-webgpu') });
    const [result] = await client.run('sites', { model: 'external' });
    expect(result).toEqual({ name: 'a', kind: 'wasm', axes: ['11', '22', '33'] });
  });

  it('refuses a model file with a flipped byte, and runs the next', async () => {
    client = createClient({ spawn: spawn('no-webgpu') });
    await expect(client.run('sites', { model: 'flipped' })).rejects.toMatchObject({
      code: 'model-corrupt',
      detail: { file: 'flipped' },
    });
    await expect(client.run('sites', { model: 'nowhere' })).rejects.toMatchObject({ code: 'model-missing' });
    expect((await client.run('sites', { model: 'tiny' }))[0]?.kind).toBe('wasm');
  });

  it('stops a cancelled job between runs, in the same worker', async () => {
    let spawned = 0;
    const start = spawn('no-webgpu');
    client = createClient({
      spawn() {
        spawned += 1;
        return start();
      },
      stopTimeoutMs: 2000,
    });
    const seeds = Array.from({ length: 256 }, (_, i) => i);
    const controller = new AbortController();
    await client.run('gallery', { seeds, size: 16 });
    const whole = await timed(client.run('gallery', { seeds, size: 16 }));
    const job = client.run(
      'gallery',
      { seeds, size: 16 },
      { signal: controller.signal, onProgress: ({ done }) => done >= 2 && controller.abort() },
    );
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    // What waits behind it comes soon: the runs have stopped, not only their reports.
    expect(await timed(client.run('sites', { model: 'tiny' }))).toBeLessThan(whole / 4);
    expect(spawned).toBe(1);
  });

  it('says that there is no WebGPU when it is asked for, and goes on without', async () => {
    client = createClient({ spawn: spawn('no-webgpu') });
    await expect(client.chooseDevice('webgpu')).rejects.toMatchObject({
      code: 'device',
      detail: { device: 'webgpu' },
    });
    expect((await client.info()).device).toBe('wasm');
  });

  it('starts a job again on WASM, on a new worker, when the GPU is lost in its midst', async ({ skip }) => {
    let spawned = 0;
    const start = spawn('loses-gpu');
    client = createClient({
      spawn() {
        spawned += 1;
        return start();
      },
    });
    const { webgpu, device } = await client.info();
    skip(webgpu === 'unavailable', 'this browser has no WebGPU adapter');
    expect(device).toBe('webgpu');
    const told: string[] = [];
    client.onFallback(({ why }) => told.push(why));
    const done: number[] = [];
    const seeds = Array.from({ length: 8 }, (_, i) => i);
    await client.run('gallery', { seeds, size: 16 }, { onProgress: (progress) => done.push(progress.done) });
    // Some of it came from the GPU, then all of it from WASM.
    expect(done.slice(-8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(done.length).toBeGreaterThan(8);
    expect(told).toEqual(['lost']);
    expect(spawned).toBe(2);
    expect((await client.info()).device).toBe('wasm');
    expect((await client.run('sites', { model: 'tiny' }))[0]?.kind).toBe('wasm');
  });

  it('runs on WebGPU where there is an adapter, and switches to WASM and back', async ({ skip }) => {
    client = createClient({ spawn: spawn('any') });
    const { webgpu, device } = await client.info();
    skip(webgpu === 'unavailable', 'this browser has no WebGPU adapter');
    expect(device).toBe(webgpu === 'available' ? 'webgpu' : 'wasm');
    for (const wanted of ['webgpu', 'wasm', 'webgpu'] as const) {
      expect((await client.chooseDevice(wanted)).device).toBe(wanted);
      const [[result], [again]] = await Promise.all([
        client.run('sites', { model: 'tiny' }),
        client.run('sites', { model: 'tiny' }),
      ]);
      expect(result).toEqual({ name: 'a,b', kind: wanted, axes: ['1.5', '2.25', '-5'] });
      expect(again).toEqual(result);
    }
  });
});
