import { afterAll, expect, test } from 'vitest';
import { brodenShaped } from '../evaluation/broden-shaped.ts';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { Progress } from '../protocol/progress.ts';
import { inspectData } from './dataset-source.ts';
import { dissect } from './dissect.ts';
import { contextOf } from './test-support.ts';
import { unit } from './unit.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const world = { model: 'scene-clip-vit', site: 'vision.blocks.4.mlp.post', scenes: 12, seed: 500 };
const directory = brodenShaped({ images: 12, size: 128, seed: 500 });
const data = { kind: 'directory', name: 'broden', directory } as const;

test('scenes as a Broden folder have the table that the scenes themselves have', async () => {
  expect(await inspectData({ data }, contextOf<Progress>(runtime))).toMatchObject({
    format: 'broden',
    images: 12,
    missingCount: 0,
  });
  const drawn = await dissect(world, contextOf<DissectProgress>(runtime));
  const read = await dissect({ ...world, scenes: 1000, data }, contextOf<DissectProgress>(runtime));
  expect(read.scenes).toBe(12);
  expect(read.rows).toEqual(drawn.rows);
  const asked = { ...world, scenes: 1000, data, unit: 7, threshold: 0, top: 2 };
  const { examples } = await unit(asked, contextOf<Progress>(runtime));
  const own = await unit({ ...world, unit: 7, threshold: 0, top: 2 }, contextOf<Progress>(runtime));
  expect(examples.map(({ sceneSeed }) => sceneSeed + 500)).toEqual(
    own.examples.map(({ sceneSeed }) => sceneSeed),
  );
  expect(examples[0]!.caption).toBe(`${examples[0]!.sceneSeed}.png`);
});

test('a folder that holds no data set is refused by name', async () => {
  const empty = { kind: 'files', name: 'holiday', files: [] } as const;
  await expect(inspectData({ data: empty }, contextOf<Progress>(runtime))).rejects.toMatchObject({
    code: 'unsupported',
    detail: { found: 'no-data', what: expect.stringMatching(/^holiday: neither index\.csv/) },
  });
});
