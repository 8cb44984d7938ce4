/** What reading an answer costs: the whole map beside the plain answer, and a thousand concepts beside ten. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { answer } from '../../jobs/answer.ts';
import { captureAnswer } from '../../jobs/answer-captured.ts';
import { openGenerative, prefixOf } from '../../jobs/generative-model.ts';
import { readAnswer } from '../../jobs/read-answer.ts';
import { compare, vectorsOf } from '../../methods/concepts/reader.ts';
import { row } from '../../methods/concepts/texts.ts';
import { quantile } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { COLOUR_NAMES } from '../../world/catalogue.ts';
import { gaussianNoise } from '../../world/random.ts';
import type { Measure } from '../table.ts';
import { compare as compareTimes, describeTimes } from './interleave.ts';

const MODEL = 'scene-vlm-mlp';
const ASKED = {
  model: MODEL,
  image: { kind: 'scene', seed: 88651 },
  question: 'what color is the taxi',
  prefix: 'the color is',
} as const;
const TOKENS = 12;
const EFFORT = { rounds: 11, leastMs: 0, warmUps: 2 };
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

export const concepts: Measure = async () => {
  const runtime = createNodeRuntime();
  const model = await openGenerative(runtime, MODEL);
  const sampling = { mode: 'greedy', temperature: 1, topP: 1, seed: 0 } as const;
  // The map is the job as the page runs it; the probe scenes behind its vectors are run once a question, in the warm-up.
  const result = await compareTimes(
    async () => {
      await answer({ ...ASKED, sampling, maxTokens: TOKENS }, { runtime, ...quiet });
    },
    async () => {
      await readAnswer(
        { ...ASKED, repaint: null, concepts: COLOUR_NAMES, vectors: 'means' },
        { runtime, ...quiet },
      );
    },
    EFFORT,
  );
  const { image, question } = ASKED;
  const given = { image, question, answer: prefixOf(model, ASKED.prefix) };
  const { states } = await captureAnswer(model, given, TOKENS, async () => undefined);
  const [positions, width] = states[0]!.dims;
  const vectors = (count: number) =>
    vectorsOf(tensor(['text', 'embedding'], [count, width], gaussianNoise(count, count * width)));
  const [few, many] = [vectors(10), vectors(1000)];
  const readAll = (set: typeof few): number => {
    let sum = 0;
    for (const state of states) {
      for (let position = 0; position < positions; position += 1) {
        sum += compare({ measure: 'cosine' }, row(state, position), set)[0]!;
      }
    }
    return sum;
  };
  const extra = Array.from({ length: 5 }, () => {
    const less = processorTime(() => readAll(few));
    return processorTime(() => readAll(many)) - less;
  });
  await runtime.close();
  return [
    {
      name: `an answer with its map of ${states.length} layers by ${positions} positions, beside the plain answer`,
      value: result.ratio,
      bar: { is: 'at most', value: 1.5 },
      note: describeTimes(result),
    },
    {
      name: 'seconds of one core more for 1,000 concepts than for 10, all layers and positions',
      value: quantile(extra, 0.5),
      bar: { is: 'at most', value: 1 },
    },
  ];
};

/** Seconds of this process's own: what else runs on the machine does not count. */
function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
