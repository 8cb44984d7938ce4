import { afterAll, expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectPartProgress, DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/progress.ts';
import { dissect } from './dissect.ts';
import { dissectKept } from './dissect-kept.ts';
import { dissectMerge } from './dissect-merge.ts';
import { dissectPart } from './dissect-part.ts';
import type { Runtime } from './runtime.ts';
import { contextOf } from './test-support.ts';

const node = createNodeRuntime();
afterAll(() => node.close());

const params = { model: 'scene-clip-vit', site: 'vision.blocks.2.mlp.post', scenes: 30, seed: 900 };

test('shards leave a finished dissection for the one worker, and nothing of their own', async () => {
  const saved = new Map<string, Uint8Array>();
  const runtime: Runtime = {
    ...node,
    checkpoints: {
      load: async (key) => saved.get(key) ?? null,
      save: async (key, bytes) => void saved.set(key, bytes.slice()),
      remove: async (key) => void saved.delete(key),
    },
  };
  // Each shard in a worker of its own.
  const workers = [0, 1].map((): Runtime => ({ ...runtime, host: {} }));
  const kept = () => dissectKept(params, contextOf<Progress>(runtime));
  const pass = async (name: 'threshold' | 'count', thresholds?: Uint8Array) => {
    const parts: Uint8Array[] = [];
    for (const [index, worker] of workers.entries()) {
      const asked = { ...params, shard: { index, of: 2 }, pass: name, ...(thresholds && { thresholds }) };
      parts.push(await dissectPart(asked, contextOf<DissectPartProgress>(worker)));
    }
    return dissectMerge({ parts, pass: name, whole: params }, contextOf<Progress>(workers[0]!));
  };

  expect(await kept()).toBe(false);
  const { merged } = await pass('threshold');
  expect(await kept()).toBe(false);
  expect(saved.size).toBe(3);
  const { rows } = await pass('count', merged);
  expect(await kept()).toBe(true);
  expect([...saved.keys()].map((key) => key.split(' ').slice(-2).join(' '))).toEqual([
    '0/1 threshold',
    '0/1 count',
  ]);
  const context = contextOf<DissectProgress>(runtime);
  const whole = await dissect(params, context);
  expect(context.reports).toEqual([]);
  expect(whole.rows).toEqual(rows);
  expect(whole.rows).toEqual((await dissect(params, contextOf<DissectProgress>(node))).rows);
});

test('a shard runs the model once for both passes', async () => {
  let runs = 0;
  const worker: Runtime = {
    ...node,
    host: {},
    open: async (key, build) => {
      const session = await node.open(key, build);
      return {
        ...session,
        run: (feeds, fetch) => {
          runs += 1;
          return session.run(feeds, fetch);
        },
      };
    },
  };
  const asked = { ...params, shard: { index: 0, of: 2 } } as const;
  const part = await dissectPart({ ...asked, pass: 'threshold' }, contextOf<DissectPartProgress>(worker));
  const first = runs;
  expect(first).toBeGreaterThan(0);
  await dissectPart({ ...asked, pass: 'count', thresholds: part }, contextOf<DissectPartProgress>(worker));
  expect(runs).toBe(first);
});
