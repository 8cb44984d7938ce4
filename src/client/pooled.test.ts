import { expect, test, vi } from 'vitest';
import type { RuntimeInfo } from '../protocol/engine.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { JobKind, Jobs } from '../protocol/jobs.ts';
import type { Client, RunOptions } from './client.ts';
import { pooled } from './pooled.ts';

const params = { model: 'm', site: 's', scenes: 200, seed: 1 };
const info: RuntimeInfo = {
  device: 'wasm',
  webgpu: 'unavailable',
  threads: 1,
  isolated: true,
  halves: false,
};

type Asked = { readonly kind: JobKind; readonly params: unknown };

/** A client that notes what it is asked, and answers by `answer`. */
function fake(
  asked: Asked[],
  answer: (kind: JobKind, params: never, options: RunOptions<JobKind>) => unknown,
): Client {
  return {
    info: async () => info,
    chooseDevice: async () => info,
    onFallback: () => () => undefined,
    dispose: vi.fn(),
    run: async <K extends JobKind>(kind: K, what: Jobs[K]['params'], options: RunOptions<K> = {}) => {
      asked.push({ kind, params: what });
      return (await answer(kind, what as never, options as RunOptions<JobKind>)) as Jobs[K]['result'];
    },
  };
}

/** The client's own worker: it has nothing kept. */
const alone = (answer: unknown) => (kind: JobKind) => (kind === 'dissectKept' ? false : answer);

const part = (kind: JobKind, what: { shard?: { index: number } }, { onProgress }: RunOptions<JobKind>) => {
  if (kind === 'dissectMerge') return { merged: Uint8Array.of(9), rows: [], thresholdError: 0, images: 200 };
  onProgress?.({ done: 100, total: 100, elapsedMs: 1, phase: 'run' } as never);
  return Uint8Array.of(what.shard?.index ?? 0);
};

test('a long dissection runs as shards in both passes, then is answered by the one worker', async () => {
  const [own, first, second]: Asked[][] = [[], [], []];
  const client = pooled(fake(own!, alone({ site: 's', rows: [] })), {
    spawnClients: () => [fake(first!, part), fake(second!, part)],
  });
  const progress: number[] = [];
  const asked = { ...params, fresh: true };
  await client.run('dissect', asked, { onProgress: ({ done, total }) => progress.push(done / total) });
  expect(first!.map(({ kind }) => kind)).toEqual([
    'dissectPart',
    'dissectMerge',
    'dissectPart',
    'dissectMerge',
  ]);
  expect(second!.map(({ kind }) => kind)).toEqual(['dissectPart', 'dissectPart']);
  expect(first![0]!.params).toMatchObject({ pass: 'threshold', shard: { index: 0, of: 2 }, fresh: true });
  expect(second![1]!.params).toMatchObject({
    ...{ pass: 'count', shard: { index: 1, of: 2 }, fresh: false },
    thresholds: Uint8Array.of(9),
  });
  expect(first![1]!.params).toEqual({
    ...{ parts: [Uint8Array.of(0), Uint8Array.of(1)], pass: 'threshold' },
    whole: asked,
  });
  // What the shards have left must not be forgotten by it.
  expect(own!.slice(1)).toEqual([{ kind: 'dissect', params }]);
  expect(progress).toEqual([0.5, 0.75, 1]);
  client.dispose();
});

test('short ones, and other jobs, go to the one worker', async () => {
  const own: Asked[] = [];
  const client = pooled(
    fake(own, () => ({})),
    {
      spawnClients: () => {
        throw new Error('no workers needed');
      },
    },
  );
  await client.run('dissect', { ...params, scenes: 20, fresh: true });
  await client.run('sites', { model: 'm' });
  expect(own.map(({ kind }) => kind)).toEqual(['dissect', 'sites']);
  expect(own[0]!.params).toMatchObject({ fresh: true });
});

test('what other workers cannot do is done by the one; what nobody can is said', async () => {
  const own: Asked[] = [];
  let code: 'model-missing' | 'bad-parameter' = 'model-missing';
  const broken = () =>
    fake([], () => {
      throw new VitrineError(code, 'no');
    });
  const client = pooled(fake(own, alone({ site: 'alone' })), { spawnClients: () => [broken(), broken()] });
  expect(await client.run('dissect', params)).toMatchObject({ site: 'alone' });
  code = 'bad-parameter';
  await expect(client.run('dissect', params)).rejects.toMatchObject({ code });
  expect(own.map(({ kind }) => kind)).toEqual(['dissectKept', 'dissect', 'dissectKept']);
  client.dispose();
});

test('what was finished before is answered without further workers', async () => {
  const own: Asked[] = [];
  const client = pooled(
    fake(own, () => true),
    {
      spawnClients: () => {
        throw new Error('no workers needed');
      },
    },
  );
  await client.run('dissect', params);
  expect(own.map(({ kind }) => kind)).toEqual(['dissectKept', 'dissect']);
});

test('work that shards resume is told as such', async () => {
  const resuming = (kind: JobKind, _: unknown, { onProgress }: RunOptions<JobKind>) => {
    if (kind === 'dissectMerge')
      return { merged: new Uint8Array(1), rows: [], thresholdError: 0, images: 200 };
    onProgress?.({ done: 100, total: 100, elapsedMs: 1, phase: 'run', resumedAt: 30 } as never);
    return new Uint8Array(1);
  };
  const client = pooled(fake([], alone({ site: 's', rows: [] })), {
    spawnClients: () => [fake([], resuming), fake([], resuming)],
  });
  const resumed: (number | undefined)[] = [];
  await client.run('dissect', params, { onProgress: ({ resumedAt }) => resumed.push(resumedAt) });
  expect(resumed).toEqual([60, 90, 120]);
  client.dispose();
});

test('a cancelled one is not begun again', async () => {
  const own: Asked[] = [];
  const controller = new AbortController();
  const stopping = fake([], () => {
    controller.abort();
    throw new VitrineError('cancelled', 'cancelled');
  });
  const client = pooled(fake(own, alone({ site: 'alone' })), { spawnClients: () => [stopping, stopping] });
  await expect(client.run('dissect', params, { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(own.map(({ kind }) => kind)).toEqual(['dissectKept']);
  client.dispose();
});

test('a long naming is watched in shards; the one worker names from their parts', async () => {
  const [own, first, second]: Asked[][] = [[], [], []];
  const watch = (
    _: JobKind,
    { shard }: { shard?: { index: number } },
    { onProgress }: RunOptions<JobKind>,
  ) => {
    onProgress?.({ done: 60, total: 100, elapsedMs: 1, phase: 'run', resumedAt: 20 } as never);
    return Uint8Array.of(shard?.index ?? 9);
  };
  const client = pooled(
    fake(own!, () => ({ rows: [] })),
    { spawnClients: () => [fake(first!, watch), fake(second!, watch)] },
  );
  const asked = { ...params, judge: 'j', words: ['car', 'tree'] };
  const seen: unknown[] = [];
  await client.run('nameUnits', asked, { onProgress: (report) => seen.push(report) });
  expect(first).toEqual([
    { kind: 'watchUnits', params: { ...params, judge: 'j', shard: { index: 0, of: 2 } } },
  ]);
  expect(second![0]!.params).toMatchObject({ shard: { index: 1, of: 2 } });
  expect(own).toEqual([
    { kind: 'nameUnits', params: { ...asked, parts: [Uint8Array.of(0), Uint8Array.of(1)] } },
  ]);
  expect(seen.at(-1)).toMatchObject({ done: 120, total: 200, resumedAt: 40 });
  // Few pictures are not worth the workers.
  await client.run('nameUnits', { ...asked, scenes: 20 });
  expect(own!.at(-1)!.params).not.toHaveProperty('parts');
  client.dispose();
});
