/** Why each word of a caption: cross attention, rollout, direct attribution and lens, all from one full run. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { type CrossCapture, captureCross } from '../families/generative/cross-capture.ts';
import type { Readout } from '../families/generative/readout.ts';
import type { Memory } from '../families/generative/run-cross.ts';
import { type PatchPlace, patchPlace } from '../families/patch-place.ts';
import { crossRollout, crossSinks } from '../methods/attention/cross-rollout.ts';
import { directAttribution, logitDirection } from '../methods/attention/direct.ts';
import { lensLogits } from '../methods/concepts/logit-lens.ts';
import { row } from '../methods/concepts/texts.ts';
import type { AttributionMethod, GivenAnswer, SequenceToken, TokenExplanation } from '../protocol/ask.ts';
import { softmax } from '../tensor/statistics.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { candidatesOf } from './answer-token.ts';
import {
  type Captioner,
  captionSequence,
  captionView,
  openCaptioner,
  questionTokens,
  remember,
  seeCaption,
  write,
} from './captioner.ts';

import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

const LENS_CANDIDATES = 3;

/** A caption run once more in full. */
export interface CaptionRun {
  readonly picture: Rgb8;
  /** The vision tower's, [1, position, channel]. */
  readonly states: Memory;
  readonly place: PatchPlace;
  readonly question: readonly number[];
  readonly memory: Memory;
  /** What the decoder read: its start and the answer. */
  readonly said: readonly number[];
  readonly sequence: readonly SequenceToken[];
  readonly capture: CrossCapture;
}

export async function runCaption(model: Captioner, given: Omit<GivenAnswer, 'model'>): Promise<CaptionRun> {
  const picture = captionView(model, given.image);
  const states = await seeCaption(model, [picture]);
  const place = patchPlace(states.dims[1] ?? 0);
  const question = questionTokens(model, given.question);
  const memory = await remember(model, states, question);
  const said = [...model.config.start, ...given.answer];
  return {
    picture,
    states,
    place,
    question,
    memory,
    said,
    sequence: captionSequence(model, place, question, given.answer),
    capture: await captureCross(model.full, model.decoder, memory, await write(model, said)),
  };
}

export const captionExplain: Job<'explainAnswer'> = async (params, { runtime, cancellation, report }) => {
  const model = await openCaptioner(runtime, params.model);
  const watch = new Stopwatch(runtime, 1 + params.answer.length);
  const run = await runCaption(model, params);
  report(watch.advance());
  const patterns = run.capture.layers.map(({ self, cross }) => ({
    self: self.pattern,
    cross: cross.pattern,
  }));
  const rolled = crossRollout(patterns);
  const readout = trustedReadout(model, run);
  const attributed = readout && !model.decoder.postNorm ? readout : null;
  const tokens: TokenExplanation[] = [];
  for (let index = 0; index < params.answer.length; index++) {
    await runtime.pause();
    cancellation.check();
    const from = model.config.start.length + index - 1;
    tokens.push(explainWord(model, run, from, row(rolled, from), readout, attributed));
    report(watch.advance());
  }
  const { lead, grid } = run.place;
  const without: readonly AttributionMethod[] = attributed ? [] : ['attribution'];
  return {
    image: toPixels(run.picture),
    sequence: run.sequence,
    imagePositions: Array.from({ length: grid * grid }, (_, patch) => lead + patch),
    gridHeight: grid,
    gridWidth: grid,
    tokens,
    sinks: crossSinks(patterns),
    queries: null,
    without,
    crossKeys: run.memory.dims[1]!,
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

const TRUSTED = 1e-2;

/** The readout, if it gives the model's own logits of the last state: a head that is a network of its own has no lens. */
function trustedReadout({ decoder: { readout } }: Captioner, { capture }: CaptionRun): Readout | null {
  const width = capture.states[0]?.dims[1];
  if (!readout || readout.unembedding.dims[0] !== width) return null;
  if (readout.unembedding.dims[1] !== capture.logits.dims[1]) return null;
  const own = row(capture.logits, 0);
  const lens = lensLogits(row(capture.states.at(-1)!, 0), readout);
  const size = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return own.every((value, token) => Math.abs(value - lens[token]!) <= TRUSTED * size) ? readout : null;
}

/** The word that the text's position `from` predicts. */
function explainWord(
  model: Captioner,
  run: CaptionRun,
  from: number,
  rolled: Float32Array,
  readout: Readout | null,
  attributed: Readout | null,
): TokenExplanation {
  const { capture, memory, said } = run;
  const logits = row(capture.logits, from);
  const id = said[from + 1]!;
  const against = candidatesOf(model, logits, 2).find((candidate) => candidate.id !== id)!;
  const keys = memory.dims[1]! + said.length;
  return {
    from: memory.dims[1]! + from,
    id,
    text: model.tokenizer.token(id),
    probability: softmax(logits)[id]!,
    against,
    logitDifference: logits[id]! - logits[against.id]!,
    attention: crossAttention(capture, from, keys),
    attribution: attributed
      ? attribution(model, capture, from, keys, attributed, [id, against.id])
      : tensor(['layer', 'head', 'key'], [0, 0, keys], new Float32Array(0)),
    rollout: rolled,
    lens: readout
      ? capture.states.map((states) => {
          const lens = lensLogits(row(states, from), readout);
          return { top: candidatesOf(model, lens, LENS_CANDIDATES), probability: softmax(lens)[id]! };
        })
      : [],
  };
}

/** Cross attention of one position of the text; the text's own keys get 0, so that rows sum to 1. */
function crossAttention(
  { layers }: CrossCapture,
  from: number,
  keys: number,
): Tensor<readonly ['layer', 'head', 'key']> {
  const [heads, queries, memory] = layers[0]!.cross.pattern.dims;
  const out = new Float32Array(layers.length * heads * keys);
  layers.forEach(({ cross: { pattern } }, layer) => {
    for (let head = 0; head < heads; head++) {
      const at = (head * queries + from) * memory;
      out.set(pattern.data.subarray(at, at + memory), (layer * heads + head) * keys);
    }
  });
  return tensor(['layer', 'head', 'key'], [layers.length, heads, keys], out);
}

/** Both attentions of each block: the picture's positions by cross attention, the text's by self attention. */
function attribution(
  { decoder: { blocks } }: Captioner,
  { layers, states }: CrossCapture,
  from: number,
  keys: number,
  readout: Readout,
  [token, against]: readonly [number, number],
): Tensor<readonly ['layer', 'head', 'key']> {
  const direction = logitDirection(row(states.at(-1)!, from), readout, token, against);
  const part = (which: 'self' | 'cross', last: number) =>
    directAttribution(
      layers.map((layer, index) => ({ ...layer[which], projection: blocks[index]![which].projection })),
      from,
      direction,
      last,
    );
  const cross = part('cross', layers[0]!.cross.pattern.dims[2] - 1);
  const self = part('self', from);
  const [count, heads, memory] = cross.dims;
  const text = self.dims[2];
  const out = new Float32Array(count * heads * keys);
  for (let row = 0; row < count * heads; row++) {
    out.set(cross.data.subarray(row * memory, (row + 1) * memory), row * keys);
    out.set(self.data.subarray(row * text, (row + 1) * text), row * keys + memory);
  }
  return tensor(['layer', 'head', 'key'], [count, heads, keys], out);
}
