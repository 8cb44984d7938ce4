import { afterAll, expect, test } from 'vitest';
import { TINY_MLP, TINY_QFORMER, tinyRuntime } from '../headless/test-support/tiny-vlm.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { ReadAnswerParams } from '../protocol/read-answer.ts';
import { answer } from './answer.ts';
import { captureAnswer } from './answer-captured.ts';
import { runAnswer } from './answer-run.ts';
import { openGenerative, prefixOf } from './generative-model.ts';
import { readAnswer, readableFrom } from './read-answer.ts';
import { contextOf } from './test-support.ts';

const runtime = tinyRuntime();
afterAll(() => runtime.close());
const params: ReadAnswerParams = {
  model: TINY_MLP,
  image: { kind: 'scene', seed: 5 },
  question: 'what color is the car',
  prefix: '',
  repaint: null,
  concepts: ['red', 'blue'],
  vectors: 'means',
};

test.each(['means', 'logit-lens', 'contextual'] as const)(
  'every layer and position is read: %s',
  async (vectors) => {
    const reading = await readAnswer({ ...params, vectors }, contextOf<Progress>(runtime));
    const [layers, positions, concepts] = reading.figures.dims;
    expect([layers, concepts]).toEqual([4, 2]);
    expect(positions).toBe(reading.sequence.length);
    expect(reading.sequence[reading.answering + 1]?.role).toBe('answer');
    for (const { best, band } of reading.layers) {
      expect(best).toHaveLength(positions);
      expect(band.low).toBeLessThanOrEqual(band.high);
      for (const index of best) expect([-1, 0, 1]).toContain(index);
    }
    // A cell that names a concept stands above its layer's band.
    reading.layers.forEach(({ best, band }, layer) => {
      best.forEach((concept, position) => {
        if (concept < 0) return;
        expect(reading.figures.data[(layer * positions + position) * concepts + concept]).toBeGreaterThan(
          band.high,
        );
      });
    });
  },
);

test('image tokens fill a square where each stands for a place, and none where queries stand for no place', async () => {
  const tokens = ({ sequence }: Awaited<ReturnType<typeof readAnswer>>) =>
    sequence.filter(({ role }) => role === 'image').length;
  const placed = await readAnswer(params, contextOf<Progress>(runtime));
  expect(placed.grid ** 2).toBe(tokens(placed));
  const queried = await readAnswer({ ...params, model: TINY_QFORMER }, contextOf<Progress>(runtime));
  expect(tokens(queried)).toBeGreaterThan(0);
  expect(queried.grid).toBe(0);
});

test('readable from the layer on which nothing is wrong any more', () => {
  expect(readableFrom([false, true, false, true, true])).toBe(3);
  expect(readableFrom([true, true])).toBe(0);
  expect(readableFrom([true, false])).toBe(-1);
});

test('states kept word by word are those of one run over the whole answer, and the words those of a plain one', async () => {
  const model = await openGenerative(runtime, TINY_MLP);
  const { image, question } = params;
  const given = prefixOf(model, 'the color is');
  const own = await captureAnswer(model, { image, question, answer: given }, 5, async () => undefined);
  const said = await answer(
    {
      model: TINY_MLP,
      image,
      question,
      prefix: 'the color is',
      sampling: { mode: 'greedy', temperature: 1, topP: 1, seed: 0 },
      maxTokens: 5,
    },
    contextOf(runtime),
  );
  expect(own.tokens).toEqual(said.tokens.map(({ id }) => id));
  expect(own.tokens.length).toBeGreaterThan(given.length);
  const whole = await runAnswer(model, { image, question, answer: own.tokens }, { attention: false });
  expect(own.sequence).toEqual(whole.sequence);
  own.states.forEach((state, block) => {
    const expected = whole.capture.states[block + 1]!.state;
    expect(state.dims).toEqual(expected.dims);
    // Sums of the cache run in another order.
    state.data.forEach((value, i) => {
      expect(Math.abs(value - expected.data[i]!)).toBeLessThan(1e-4);
    });
  });
});
