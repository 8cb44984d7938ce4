import { afterAll, expect, test } from 'vitest';
import { TINY_MLP, tinyRuntime } from '../headless/test-support/tiny-vlm.ts';
import type { Progress } from '../protocol/jobs.ts';
import type { ReadAnswerParams } from '../protocol/read-answer.ts';
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

test('readable from the layer on which nothing is wrong any more', () => {
  expect(readableFrom([false, true, false, true, true])).toBe(3);
  expect(readableFrom([true, true])).toBe(0);
  expect(readableFrom([true, false])).toBe(-1);
});
