/** Which concept each state of a decoder holds while it answers: layer by token, with the nulls of each layer. */

import { nullBand } from '../methods/concepts/band.ts';
import { row } from '../methods/concepts/texts.ts';
import type { AnswerLayer, AnswerReading, AnswerVectors } from '../protocol/read-answer.ts';
import { tensor } from '../tensor/tensor.ts';
import { captureAnswer } from './answer-captured.ts';
import { answerProbe } from './answer-probe.ts';
import { stateReaders } from './answer-readers.ts';
import { repainted } from './asked-thing.ts';
import { openGenerative, prefixOf } from './generative-model.ts';
import type { Job } from './runtime.ts';

const MOST_TOKENS = 12;
/** Image tokens are many and alike: every so many make the null band, like all others. */
const NULL_EVERY = 4;

export const RECIPES = {
  means: 'contrastive-means',
  contextual: 'contextual',
  'logit-lens': 'logit-lens',
} as const satisfies Record<AnswerVectors, AnswerReading['recipe']>;

export const readAnswer: Job<'readAnswer'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const model = await openGenerative(runtime, params.model);
  const { question, prefix, concepts } = params;
  const image = repainted(params.image, question, params.repaint);
  const probe = await answerProbe(model, params, context);
  cancellation.check();
  const given = prefixOf(model, prefix);
  const run = await captureAnswer(model, { image, question, answer: given }, MOST_TOKENS, async () => {
    await runtime.pause();
    cancellation.check();
  });
  const forced = given.length;
  const answering = run.sequence.length - run.tokens.length + forced - 1;
  const readers = await stateReaders(runtime, model, probe, params, (position) => ({
    position: Math.min(position, answering),
    image: run.sequence[position]?.role === 'image',
  }));
  const length = run.sequence.length;
  const figures = new Float32Array(readers.length * length * concepts.length);
  const layers: AnswerLayer[] = [];
  for (const [layer, reader] of readers.entries()) {
    const state = run.states[layer]!;
    const nulls: number[] = [];
    for (let position = 0; position < length; position += 1) {
      const image = run.sequence[position]?.role === 'image';
      const found = reader.read(row(state, position), position, !image || position % NULL_EVERY === 0);
      figures.set(found.concepts, (layer * length + position) * concepts.length);
      nulls.push(...found.nulls);
    }
    const band = nullBand(nulls);
    layers.push({
      site: reader.site,
      band,
      best: Array.from({ length }, (_, position) => {
        const from = (layer * length + position) * concepts.length;
        const own = figures.subarray(from, from + concepts.length);
        const best = own.indexOf(Math.max(...own));
        return best >= 0 && own[best]! > band.high ? best : -1;
      }),
    });
    await runtime.pause();
    cancellation.check();
  }
  const words = run.tokens.map((id) => model.tokenizer.token(id).trim());
  const first = concepts.indexOf(words[forced] ?? '');
  return {
    recipe: RECIPES[params.vectors],
    image: run.image,
    grid: run.grid,
    sequence: run.sequence,
    answer: words.join(' '),
    forced,
    answering,
    layers,
    figures: tensor(['layer', 'position', 'concept'], [readers.length, length, concepts.length], figures),
    readableFrom: first < 0 ? -1 : readableFrom(layers.map(({ best }) => best[answering] === first)),
    probes: probe.plan.scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** The first layer from which on all are right; -1 when the last is not. */
export function readableFrom(right: readonly boolean[]): number {
  const wrong = right.lastIndexOf(false);
  return wrong === right.length - 1 ? -1 : wrong + 1;
}
