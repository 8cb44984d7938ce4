import { afterAll, expect, test } from 'vitest';
import { TINY_MLP, tinyRuntime } from '../headless/test-support/tiny-vlm.ts';
import type { Progress } from '../protocol/jobs.ts';
import { probeScenes } from './probe-scenes.ts';
import { separateAnswer } from './separate-answer.ts';
import { contextOf } from './test-support.ts';

const runtime = tinyRuntime();
afterAll(() => runtime.close());
const question = 'what color is the car';
const concepts = ['red', 'blue', 'glorp'];

test.each(['means', 'contextual', 'logit-lens'] as const)('every layer is tested: %s', async (vectors) => {
  const found = await separateAnswer(
    { model: TINY_MLP, question, prefix: '', concepts: ['red', 'blue'], vectors },
    contextOf<Progress>(runtime),
  );
  expect(found.layers).toHaveLength(4);
  expect(found.scenes).toBe(100);
  expect(found.positives).toEqual([10, 10]);
  for (const { auc, randomBand } of found.layers) {
    for (const value of auc) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    for (const { low, high } of randomBand) expect(low).toBeLessThanOrEqual(high);
  }
});

test('what the world knows nothing of is left open', async () => {
  const { positives, layers } = await separateAnswer(
    { model: TINY_MLP, question, prefix: '', concepts, vectors: 'contextual' },
    contextOf<Progress>(runtime),
  );
  expect(positives[2]).toBe(-1);
  for (const { auc } of layers) expect(auc[2]).toBeNaN();
});

test('no scene of the test made a vector', () => {
  const made = probeScenes(question, ['red', 'blue']).scenes.map(({ seed }) => seed);
  const held = probeScenes(question, ['red', 'blue'], 'held').scenes.map(({ seed }) => seed);
  expect(held.filter((seed) => made.includes(seed))).toEqual([]);
});
