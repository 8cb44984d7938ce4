/** Why each word of an answer: attention, rollout, direct attribution and lens, all from one full run. */

import { type CapturedAttention, captureSequence, captureTail } from '../families/generative/capture.ts';
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
  const seen = await seeAnswer(model, params);
  const { run, attention, first, patterns } = seen;
  report(watch.advance());
  const rolled = patterns && rollout(patterns);
  const tokens: TokenExplanation[] = [];
  for (const position of run.answered) {
    await runtime.pause();
    cancellation.check();
    const row = rolled ? rowOf(rolled, position - 1) : new Float32Array(0);
    tokens.push(explainToken(model, { ...run, attention, first }, position, row));
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
    ...(patterns ? {} : { without: ['rollout' as const] }),
    sinks: patterns ? sinks(patterns) : [],
    queries: queryMaps(model, run.features),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Values of all patterns of a sequence: more of them, 512 MB, and only the answer's own rows are kept. */
const MOST_VALUES = 2 ** 27;

interface SeenAnswer {
  readonly run: AnswerRun;
  /** Rows of queries from `first` on. */
  readonly attention: AnswerRun['capture']['attention'];
  readonly first: number;
  /** Null where they would be too large: then nothing that needs every row is known. */
  readonly patterns: readonly CapturedAttention['pattern'][] | null;
}

/** `most` values of patterns are kept in whole. */
export async function seeAnswer(
  model: GenerativeModel,
  given: Parameters<typeof runAnswer>[1],
  most = MOST_VALUES,
): Promise<SeenAnswer> {
  const { decoder, decoderSession: session } = model;
  const heads = decoder.blocks.reduce((sum, block) => sum + block.heads, 0);
  // How long it is, is known once the picture was seen: a bare run first, where it may be too long.
  const bare = decoder.cache.length > 0 && heads * model.config.limit ** 2 > most;
  const run = await runAnswer(model, given, { attention: !bare });
  const whole = (attention: AnswerRun['capture']['attention']): SeenAnswer => ({
    run,
    attention,
    first: 0,
    patterns: attention.map(({ pattern }) => pattern),
  });
  if (!bare) return whole(run.capture.attention);
  const { embeddings, capture, answered } = run;
  if (heads * embeddings.length ** 2 <= most) {
    return whole((await captureSequence(session, decoder, embeddings)).attention);
  }
  const first = (answered[0] ?? embeddings.length) - 1;
  const attention = await captureTail(session, decoder, embeddings, capture.past, first);
  return { run, attention, first, patterns: null };
}

/** The token at `position`, which the position before it predicts. `attention` has rows of queries from `first` on. */
export function explainToken(
  model: GenerativeModel,
  {
    capture,
    sequence,
    attention = capture.attention,
    first = 0,
  }: AnswerRun & Partial<Pick<SeenAnswer, 'attention' | 'first'>>,
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
    attention: attentionFrom(attention, from - first),
    attribution: directAttribution(
      attention.map((part, block) => ({ ...part, projection: blocks[block]!.projection })),
      from - first,
      direction,
      from,
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
