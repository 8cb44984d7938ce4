/** What reading an answer costs: the whole map beside the plain answer, and a thousand concepts beside ten. */

import { captureSequence } from '../../families/generative/capture.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { answer } from '../../jobs/answer.ts';
import {
  embedSequence,
  imageFeatures,
  openGenerative,
  pictureOf,
  promptOf,
  seeStates,
  withAnswer,
} from '../../jobs/generative-model.ts';
import { compare, vectorsOf } from '../../methods/concepts/reader.ts';
import { row } from '../../methods/concepts/texts.ts';
import { quantile } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { gaussianNoise } from '../../world/random.ts';
import type { Measure } from '../table.ts';
import { compare as compareTimes, describeTimes } from './interleave.ts';

const MODEL = 'scene-vlm-mlp';
const QUESTION = 'what color is the car';
const EFFORT = { rounds: 11, leastMs: 0, warmUps: 2 };
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

export const concepts: Measure = async () => {
  const runtime = createNodeRuntime();
  const model = await openGenerative(runtime, MODEL);
  const image = { kind: 'scene', seed: 8 } as const;
  const sampling = { mode: 'greedy', temperature: 1, topP: 1, seed: 0 } as const;
  const plain = () =>
    answer(
      { model: MODEL, image, question: QUESTION, prefix: '', sampling, maxTokens: 8 },
      { runtime, ...quiet },
    );
  const said = await plain();
  const features = await imageFeatures(model, await seeStates(model, [pictureOf(model, image)]));
  const sequence = withAnswer(
    model,
    promptOf(model, QUESTION, features.tokens),
    said.tokens.map(({ id }) => id),
  );
  const embeddings = await embedSequence(model, sequence, features);
  const { width } = embeddings;
  const vectors = (count: number) =>
    vectorsOf(tensor(['text', 'embedding'], [count, width], gaussianNoise(count, count * width)));
  const [few, many] = [vectors(10), vectors(1000)];
  const states = (
    await captureSequence(model.decoderSession, model.decoder, embeddings, { attention: false })
  ).states;
  const readAll = (set: typeof few, all: typeof states): number => {
    let sum = 0;
    for (const { state } of all.slice(1)) {
      for (let position = 0; position < sequence.length; position += 1) {
        sum += compare({ measure: 'cosine' }, row(state, position), set)[0]!;
      }
    }
    return sum;
  };
  // The answer's own run already holds every state but those of the last word: one more run of the decoder is the map's whole cost.
  const result = await compareTimes(
    async () => {
      await plain();
    },
    async () => {
      await plain();
      const capture = await captureSequence(model.decoderSession, model.decoder, embeddings, {
        attention: false,
      });
      readAll(few, capture.states);
    },
    EFFORT,
  );
  const extra = Array.from({ length: 5 }, () => {
    const less = processorTime(() => readAll(few, states));
    return processorTime(() => readAll(many, states)) - less;
  });
  await runtime.close();
  return [
    {
      name: `an answer of ${said.tokens.length} tokens with its map of ${states.length - 1} layers by ${sequence.length} positions`,
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
