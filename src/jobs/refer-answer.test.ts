import { afterAll, expect, test } from 'vitest';
import { TINY_MLP, tinyRuntime } from '../headless/test-support/tiny-vlm.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { ReferAnswerParams } from '../protocol/read-answer.ts';
import { answer } from './answer.ts';
import { referAnswer } from './refer-answer.ts';
import { contextOf } from './test-support.ts';

const runtime = tinyRuntime();
afterAll(() => runtime.close());
const params: ReferAnswerParams = {
  model: TINY_MLP,
  image: { kind: 'scene', seed: 5 },
  question: 'what color is the taxi',
  prefix: 'the color is',
  repaint: null,
  concepts: ['red', 'blue', 'yellow'],
  vectors: 'means',
  concept: 1,
  from: 2,
  act: 'remove',
  seed: 1,
};
const refer = (changed: Partial<ReferAnswerParams> = {}) =>
  referAnswer({ ...params, ...changed }, contextOf<Progress>(runtime));

test('what it starts from is what the model answers after the prefix', async () => {
  const said = await answer(
    {
      model: TINY_MLP,
      image: params.image,
      question: params.question,
      prefix: params.prefix,
      sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 0 },
      maxTokens: 1,
    },
    contextOf(runtime),
  );
  const own = said.tokens.find(({ forced }) => !forced)!;
  const verdict = await refer();
  expect(verdict.watched).toBe(own.text);
  // One position on the cache against the whole sequence: the order of sums differs.
  expect(verdict.before).toBeCloseTo(own.probability, 5);
});

test('the same seed draws the same directions, another one others; all of them act', async () => {
  const [verdict, again, other] = [await refer(), await refer(), await refer({ seed: 2 })];
  expect(verdict.matched).toHaveLength(100);
  expect(again.matched).toEqual(verdict.matched);
  expect(other.matched).not.toEqual(verdict.matched);
  expect(other.after).toBe(verdict.after);
  expect(verdict.others[1]).toBe(verdict.after);
  expect(verdict.others[0]).not.toBe(verdict.after);
  for (const value of verdict.matched) expect(value).not.toBe(verdict.before);
});

test('along the lens direction a token grows, from the last block on', async () => {
  const verdict = await refer({ vectors: 'logit-lens', act: 'add', from: 3 });
  expect(verdict.watched).toBe('blue');
  expect(verdict.after).toBeGreaterThan(verdict.before);
  expect(verdict.concepts.after[1]).toBe(verdict.after);
  expect(verdict.percentile).toBeGreaterThan(0.9);
});

test('a block or a concept that is not there is named', async () => {
  await expect(refer({ from: 4 })).rejects.toThrow('no block 4');
  await expect(refer({ concepts: ['red', 'quokka'] })).rejects.toThrow('no probe shows this concept');
});
