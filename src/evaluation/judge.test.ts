import { expect, test } from 'vitest';
import { createNodeRuntime } from '../headless/runtime.ts';
import { scenePixels } from '../jobs/scenes.ts';
import { VitrineError } from '../protocol/errors.ts';
import { mask } from '../tensor/mask.ts';
import { drawScene } from '../world/draw.ts';
import { sampleScene } from '../world/scene.ts';
import { enlarge, judgeFinding, openJudge } from './judge.ts';
import { passes } from './table.ts';

test('a mask enlarged by whole and by broken factors keeps its shape', () => {
  const small = mask(2, 3, Uint8Array.of(1, 0, 0, 0, 0, 1));
  expect([...enlarge(small, 4, 6).data]).toEqual([
    ...[1, 1, 0, 0, 0, 0],
    ...[1, 1, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 1, 1],
    ...[0, 0, 0, 0, 1, 1],
  ]);
  expect([...enlarge(small, 3, 3).data]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 1]);
});

test('without an oracle things are found by colour, and the table says so', async () => {
  const missing = () => Promise.reject(new VitrineError('model-missing', 'no oracle', {}));
  const judge = await openJudge({ ...createNodeRuntime(), json: missing, bytes: missing });
  expect(passes(judgeFinding(judge))).toBe(false);
  const scene = sampleScene(3, { kinds: ['car'], colors: ['red'], objects: 1, place: 'road', time: 'day' });
  const sighting = await judge.look(scenePixels(drawScene(scene, 128)));
  expect(sighting.shows({ kind: 'car', color: 'red' })).toBe(true);
  expect(sighting.mask({ kind: 'car', color: 'red' })?.dims).toEqual([128, 128]);
  expect(sighting.shows({ kind: 'car', color: 'purple' })).toBe(false);
});

test('a broken oracle is not passed over in silence', async () => {
  const corrupt = () => Promise.reject(new VitrineError('model-corrupt', 'broken', {}));
  await expect(openJudge({ ...createNodeRuntime(), json: corrupt })).rejects.toThrow('broken');
});
