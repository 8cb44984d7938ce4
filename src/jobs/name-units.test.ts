import { afterAll, expect, test } from 'vitest';
import { brodenShaped } from '../evaluation/broden-shaped.ts';
import { createNodeRuntime } from '../headless/runtime.ts';
import type { DissectProgress } from '../protocol/dissection.ts';
import type { NamedUnit, NamingProgress } from '../protocol/naming.ts';
import type { Progress } from '../protocol/progress.ts';
import { dissect } from './dissect.ts';
import { namedUnit, nameUnits } from './name-units.ts';
import type { Runtime } from './runtime.ts';
import { contextOf } from './test-support.ts';
import { watchUnits } from './watch-units.ts';

const runtime = createNodeRuntime();
afterAll(() => runtime.close());

const asked = { model: 'scene-clip-rn', site: 'vision.layer4.1.relu', scenes: 100, seed: 3_000 };

test('units are named as the masks name them, far more often than other units are', async () => {
  const named = await nameUnits(
    { ...asked, judge: 'scene-clip-rn', words: [] },
    contextOf<Progress>(runtime),
  );
  const { rows } = await dissect(asked, contextOf<DissectProgress>(runtime));
  expect(named).toMatchObject({ images: 100, top: 5, unknown: expect.any(Array) });
  expect(named.rows).toHaveLength(rows.length);
  // At most the logarithm of the number of units, which a word of one unit alone reaches.
  expect(Math.max(...named.rows.map(({ score }) => score))).toBeLessThanOrEqual(Math.log(rows.length));
  const detectors = rows.filter(({ dead, iou }) => !dead && iou >= 0.1);
  const agrees = (unit: number, { concept, next }: NamedUnit) => {
    const labels = [rows[unit]!.concept, ...rows[unit]!.next.map((label) => label.concept)];
    return [concept, ...next.map((word) => word.concept)].some((word) => labels.includes(word));
  };
  const share = (shift: number) =>
    detectors.filter(({ unit }) => agrees(unit, named.rows[(unit + shift) % rows.length]!)).length /
    detectors.length;
  const others = [31, 64, 97, 130].map(share);
  expect(share(0)).toBeGreaterThan(0.5);
  expect(share(0)).toBeGreaterThan(1.5 * Math.max(...others));
});

test('a folder of pictures alone is enough, and words that the judge does not know are said', async () => {
  const directory = brodenShaped({ images: 16, size: 128, seed: 500 });
  const images = await directory.getDirectoryHandle('images');
  const files = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const file = await (await images.getFileHandle(`${i}.png`)).getFile();
      return { path: `${i}.png`, bytes: new Blob([await file.arrayBuffer()]) };
    }),
  );
  const data = { kind: 'files', name: 'holiday', files } as const;
  const context = contextOf<Progress>(runtime);
  const words = ['car', 'tree', 'photosynthesis', 'house', 'car'];
  const { rows, ...rest } = await nameUnits({ ...asked, data, judge: 'scene-clip-vit', words }, context);
  expect(rest).toMatchObject({ images: 16, top: 5, words: 3, unknown: ['photosynthesis'] });
  expect(context.reports.map(({ done }) => done)).toEqual([8, 16]);
  const best = rows.reduce((a, b) => (b.score > a.score ? b : a));
  const shown = { ...asked, data, unit: best.unit, pictures: best.pictures };
  const { examples } = await namedUnit(shown, contextOf<Progress>(runtime));
  expect(examples.map(({ sceneSeed }) => sceneSeed)).toEqual(best.pictures);
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = examples.map(({ activation }) => mean(activation.data));
  expect(means).toEqual([...means].sort((a, b) => b - a));
});

test('fewer than two known words, or a judge without texts, are refused', async () => {
  await expect(
    nameUnits({ ...asked, judge: 'scene-clip-vit', words: ['car', 'zyzzyva'] }, contextOf<Progress>(runtime)),
  ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'words' } });
});

test('a stopped naming goes on where it was, other words need no new look, and shards say the same', async () => {
  const saved = new Map<string, Uint8Array>();
  const kept: Runtime = {
    ...runtime,
    checkpoints: {
      load: async (key) => saved.get(key) ?? null,
      save: async (key, bytes) => void saved.set(key, bytes.slice()),
      remove: async (key) => void saved.delete(key),
    },
  };
  const params = { ...asked, scenes: 44, judge: 'scene-clip-rn', words: ['car', 'tree', 'house', 'person'] };
  const { rows, chance } = await nameUnits(params, contextOf<NamingProgress>(runtime));
  await expect(nameUnits(params, contextOf<NamingProgress>(kept, 2))).rejects.toMatchObject({
    code: 'cancelled',
  });
  const again = contextOf<NamingProgress>(kept);
  expect(await nameUnits(params, again)).toMatchObject({ rows, chance });
  expect(again.reports[0]).toMatchObject({ done: 16, total: 44, resumedAt: 16 });
  expect(again.reports.at(-1)).toMatchObject({ done: 44, resumedAt: 16 });
  const others = contextOf<NamingProgress>(kept);
  await nameUnits({ ...params, words: ['dog', 'cat', 'boat'] }, others);
  expect(others.reports).toMatchObject([{ done: 44, total: 44, resumedAt: 44 }]);

  const { words: _, ...watched } = params;
  const shards = await Promise.all(
    [0, 1, 2].map((index) =>
      watchUnits({ ...watched, shard: { index, of: 3 } }, contextOf<NamingProgress>(runtime)),
    ),
  );
  expect(await nameUnits({ ...params, parts: shards }, contextOf<NamingProgress>(runtime))).toMatchObject({
    rows,
    chance,
    images: 44,
  });
  await expect(
    nameUnits({ ...params, parts: [Uint8Array.of(1, 2)] }, contextOf<NamingProgress>(runtime)),
  ).rejects.toMatchObject({ code: 'bad-parameter', detail: { name: 'parts' } });
});
