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

const part = (kind: JobKind, what: { shard?: { index: number } }, { onProgress }: RunOptions<JobKind>) => {
  if (kind === 'dissectMerge') return { merged: Uint8Array.of(9), rows: [], thresholdError: 0, images: 200 };
  onProgress?.({ done: 100, total: 100, elapsedMs: 1, phase: 'run' } as never);
  return Uint8Array.of(what.shard?.index ?? 0);
};

test('a long dissection runs as shards in both passes, then is answered by the one worker', async () => {
  const [own, first, second]: Asked[][] = [[], [], []];
  const client = pooled(
    fake(own!, () => ({ site: 's', rows: [] })),
    { spawnClients: () => [fake(first!, part), fake(second!, part)] },
  );
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
  expect(own).toEqual([{ kind: 'dissect', params }]);
  expect(progress).toEqual([0.25, 0.5, 0.75, 1]);
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
  const client = pooled(
    fake(own, () => 'alone'),
    { spawnClients: () => [broken(), broken()] },
  );
  expect(await client.run('dissect', params)).toBe('alone');
  code = 'bad-parameter';
  await expect(client.run('dissect', params)).rejects.toMatchObject({ code });
  expect(own).toHaveLength(1);
  client.dispose();
});

test('a cancelled one is not begun again', async () => {
  const own: Asked[] = [];
  const controller = new AbortController();
  const stopping = fake([], () => {
    controller.abort();
    throw new VitrineError('cancelled', 'cancelled');
  });
  const client = pooled(
    fake(own, () => 'alone'),
    { spawnClients: () => [stopping, stopping] },
  );
  await expect(client.run('dissect', params, { signal: controller.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(own).toEqual([]);
  client.dispose();
});
