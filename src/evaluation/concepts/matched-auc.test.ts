import { expect, test } from 'vitest';
import { Random } from '../../world/random.ts';
import { type Scene, sampleScene } from '../../world/scene.ts';
import { matchedAuc, matchedNull } from './matched-auc.ts';

function scene(kind: 'car' | 'dog', y: number): Scene {
  const drawn = sampleScene(1, { kinds: [kind] });
  return { ...drawn, things: [{ ...drawn.things[0]!, y }] };
}

test('only pairs of one kind at one height count', () => {
  const scenes = [scene('car', 0.5), scene('car', 0.55), scene('car', 0.9), scene('dog', 0.5)];
  const shown = [true, false, false, false];
  // The car at 0.9 and the dog would be put in the wrong order; neither is compared.
  expect(matchedAuc([2, 1, 3, 4], shown, scenes)).toEqual({ auc: 1, pairs: 1 });
  expect(matchedAuc([1, 1, 0, 0], shown, scenes).auc).toBe(0.5);
  expect(matchedAuc([1, 2], [true, null], scenes.slice(0, 2)).auc).toBeNaN();
});

test('shuffled labels stay about a half, and far below a figure that knows', () => {
  const scenes = Array.from({ length: 60 }, (_, i) => scene(i % 3 === 0 ? 'dog' : 'car', 0.5));
  const shown = scenes.map((_, i) => i % 2 === 0);
  const values = shown.map((own, i) => Number(own) + i / 1000);
  expect(matchedAuc(values, shown, scenes).auc).toBe(1);
  const high = matchedNull(values, shown, scenes, new Random(3));
  expect(high).toBeGreaterThan(0.5);
  expect(high).toBeLessThan(0.75);
});
