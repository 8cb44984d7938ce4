/** Why each word of an answer: attention, rollout, direct attribution and lens, all from one full run. */

import { directAttribution, logitDirection } from '../methods/attention/direct.ts';
import { rollout, sinks } from '../methods/attention/rollout.ts';
import { lensLogits } from '../methods/concepts/logit-lens.ts';
import type { TokenExplanation } from '../protocol/ask.ts';
import { softmax } from '../tensor/statistics.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type AnswerRun, runAnswer } from './answer-run.ts';
import { candidatesOf } from './answer-token.ts';
import { captionExplain } from './caption-explain.ts';
import { readsByCrossAttention } from './captioner.ts';
import { type GenerativeModel, openGenerative } from './generative-model.ts';
import { Stopwatch } from './progress.ts';
import { queryMaps } from './query-maps.ts';
import type { Job } from './runtime.ts';

const LENS_CANDIDATES = 3;

export const explainAnswer: Job<'explainAnswer'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  if (await readsByCrossAttention(runtime, params.model)) return captionExplain(params, context);
  const model = await openGenerative(runtime, params.model);
  const watch = new Stopwatch(runtime, 1 + params.answer.length);
  const run = await runAnswer(model, params);
  report(watch.advance());
  const patterns = run.capture.attention.map(({ pattern }) => pattern);
  const rolled = rollout(patterns);
  const tokens: TokenExplanation[] = [];
  for (const position of run.answered) {
    await runtime.pause();
    cancellation.check();
    tokens.push(explainToken(model, run, position, rowOf(rolled, position - 1)));
    report(watch.advance());
  }
  return {
    image: run.image,
    sequence: run.sequence,
    imagePositions: run.positions,
    ...(run.places ? { places: run.places } : {}),
    gridHeight: run.grid,
    gridWidth: run.grid,
    tokens,
    sinks: sinks(patterns),
    queries: queryMaps(model, run.features),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** The token at `position`, which the position before it predicts. */
export function explainToken(
  model: GenerativeModel,
  { capture, sequence }: AnswerRun,
  position: number,
  rolled: Float32Array,
): TokenExplanation {
  const { readout, blocks } = model.decoder;
  const from = position - 1;
  const { id, text } = sequence[position]!;
  const logits = rowOf(capture.logits, from);
  const against = candidatesOf(model, logits, 2).find((candidate) => candidate.id !== id)!;
  const direction = logitDirection(rowOf(capture.states.at(-1)!.state, from), readout, id, against.id);
  return {
    from,
    id,
    text,
    probability: softmax(logits)[id]!,
    against,
    logitDifference: logits[id]! - logits[against.id]!,
    attention: attentionFrom(capture.attention, from),
    attribution: directAttribution(
      capture.attention.map((part, block) => ({ ...part, projection: blocks[block]!.projection })),
      from,
      direction,
    ),
    rollout: rolled,
    lens: capture.states.map(({ state }) => {
      const lens = lensLogits(rowOf(state, from), readout);
      return { top: candidatesOf(model, lens, LENS_CANDIDATES), probability: softmax(lens)[id]! };
    }),
  };
}

/** The rows of one query, all layers and heads. */
export function attentionFrom(
  layers: AnswerRun['capture']['attention'],
  query: number,
): Tensor<readonly ['layer', 'head', 'key']> {
  const [heads, queries, keys] = layers[0]!.pattern.dims;
  const out = new Float32Array(layers.length * heads * keys);
  layers.forEach(({ pattern }, layer) => {
    for (let head = 0; head < heads; head++) {
      const from = (head * queries + query) * keys;
      out.set(pattern.data.subarray(from, from + keys), (layer * heads + head) * keys);
    }
  });
  return tensor(['layer', 'head', 'key'], [layers.length, heads, keys], out);
}

export function rowOf(table: Tensor<readonly [string, string]>, row: number): Float32Array {
  const width = table.dims[1];
  return table.data.slice(row * width, (row + 1) * width);
}
