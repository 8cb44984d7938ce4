import { afterEach, describe, expect, it } from 'vitest';
import { VitrineError } from '../protocol/errors.ts';
import { type Client, createClient } from './client.ts';

let client: Client;
afterEach(() => client.dispose());

const fake = () =>
  new Worker(new URL('../worker/test-support/fake.worker.ts', import.meta.url), { type: 'module' });
const missing = () => new Worker('/no-such-script.js', { type: 'module' });
const throwing = () =>
  new Worker(new URL('../worker/test-support/throws.worker.ts', import.meta.url), { type: 'module' });
const silent = () =>
  new Worker(new URL('../worker/test-support/silent.worker.ts', import.meta.url), { type: 'module' });

const read = (prompt: string) => ({ model: 'm', prompt });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function errorOf(promise: Promise<unknown>): Promise<VitrineError> {
  const thrown: unknown = await promise.catch((error: unknown) => error);
  if (!(thrown instanceof VitrineError)) throw new Error(`expected a VitrineError, got ${String(thrown)}`);
  return thrown;
}

describe('createClient on a worker', () => {
  it('reports a missing script, and starts afresh', async () => {
    let spawned = 0;
    client = createClient({ spawn: () => (++spawned === 1 ? missing() : fake()) });
    expect((await errorOf(client.run('readPrompt', read('x')))).code).toBe('worker-missing');
    expect((await client.run('readPrompt', read('x'))).words).toHaveLength(1);
  });

  it('reports a script that throws at boot, with its message', async () => {
    client = createClient({ spawn: throwing });
    const error = await errorOf(client.info());
    expect(error.code).toBe('worker-boot');
    expect(error.message).toContain('no good start');
  });

  it('reports a script that never answers', async () => {
    client = createClient({ spawn: silent, bootTimeoutMs: 300 });
    expect((await errorOf(client.info())).code).toBe('worker-boot');
  });

  it('reports a crash to all that wait, and starts afresh', async () => {
    client = createClient({ spawn: fake });
    const waiting = errorOf(client.run('readPrompt', read('hang')));
    const crash = await errorOf(client.run('readPrompt', read('crash')));
    expect(crash.code).toBe('worker-crashed');
    expect(crash.message).toContain('uncaught in the worker');
    expect((await waiting).code).toBe('worker-crashed');
    expect((await client.run('readPrompt', read('x'))).words).toHaveLength(1);
  });

  it.each([
    ['is terminated', (worker: Worker) => worker.terminate(), 'hang'],
    ['closes itself', () => undefined, 'close'],
  ])('notices that the worker %s in mid-run, which no event tells', async (_, kill, prompt) => {
    let worker: Worker | undefined;
    const spawn = () => {
      worker = fake();
      return worker;
    };
    client = createClient({ spawn });
    await client.info();
    const pending = errorOf(client.run('readPrompt', read(prompt)));
    await wait(200);
    if (worker) kill(worker);
    expect((await pending).code).toBe('worker-crashed');
    expect((await client.run('readPrompt', read('x'))).words).toHaveLength(1);
  });

  it('truly stops a cancelled job: no run follows', async () => {
    client = createClient({ spawn: fake });
    const controller = new AbortController();
    const seeds = Array.from({ length: 200 }, (_, i) => i);
    const job = client.run(
      'gallery',
      { seeds, size: 16 },
      { signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort() },
    );
    expect((await errorOf(job)).code).toBe('cancelled');
    const runs = async () => (await client.run('sites', { model: 'm' }))[0]?.units ?? Number.NaN;
    await wait(50);
    const after = await runs();
    expect(after).toBeGreaterThanOrEqual(3);
    expect(after).toBeLessThan(50);
    await wait(100);
    expect(await runs()).toBe(after);
  });

  it('receives the buffers of a result whole', async () => {
    client = createClient({ spawn: fake });
    const items = await client.run('gallery', { seeds: [7, 9], size: 32 });
    expect(items.map(({ pixels }) => [pixels.data.length, pixels.data.at(-1)])).toEqual([
      [4096, 7],
      [4096, 9],
    ]);
  });
});
