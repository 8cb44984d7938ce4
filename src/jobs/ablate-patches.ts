/** The causal referee: each patch of the picture taken away on its own, and what the answer loses by it. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { ImageFeatures } from '../families/generative/bridge.ts';
import { cutPast } from '../families/generative/past.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { floats } from '../families/session.ts';
import { type Picture, removalFill, replacePatches } from '../methods/faithfulness/blur.ts';
import { tensor } from '../tensor/tensor.ts';
import { type AnswerRun, runAnswer } from './answer-run.ts';
import { captionAblate } from './caption-ablate.ts';
import { readsByCrossAttention } from './captioner.ts';
import {
  embedSequence,
  type GenerativeModel,
  imageFeatures,
  openGenerative,
  seeStates,
} from './generative-model.ts';
import { maskRows } from './interventions.ts';
import { logProbability } from './log-probability.ts';
import { Stopwatch } from './progress.ts';
import type { Cancellation, Job, Runtime } from './runtime.ts';

/** Patches in one batch. */
const BATCH = 8;

export const ablatePatches: Job<'ablatePatches'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  if (await readsByCrossAttention(runtime, params.model)) return captionAblate(params, context);
  const model = await openGenerative(runtime, params.model);
  const run = await runAnswer(model, params, { attention: false });
  const intact = answerLogProbabilities(run, run.capture.logits, 0, 0);
  const patches = run.grid * run.grid;
  const watch = new Stopwatch(runtime, patches);
  const drop = new Float32Array(intact.length * patches);
  const fill = params.level === 'pixel' ? removalFill(run.picture) : undefined;
  const groups = Array.from({ length: Math.ceil(patches / BATCH) }, (_, group) =>
    Array.from({ length: Math.min(BATCH, patches - group * BATCH) }, (_, i) => group * BATCH + i),
  );
  for (const group of groups) {
    const sets = group.map((patch) => [patch]);
    const rows = fill ? await ablatePixels(model, run, fill, sets) : await ablateStates(model, run, sets);
    group.forEach((patch, row) => {
      rows[row]!.forEach((value, token) => {
        drop[token * patches + patch] = intact[token]! - value;
      });
    });
    report(watch.advance(group.length));
    await settle(runtime, cancellation);
  }
  return {
    level: params.level,
    gridHeight: run.grid,
    gridWidth: run.grid,
    intact: intact.map(Math.exp),
    drop: tensor(['token', 'patch'], [intact.length, patches], drop),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

async function settle(runtime: Runtime, cancellation: Cancellation): Promise<void> {
  await runtime.pause();
  cancellation.check();
}

/** Log probability of each answer token with each set of patches replaced by the mean one: [set][token]. */
export async function ablateStates(
  model: GenerativeModel,
  run: AnswerRun,
  sets: readonly (readonly number[])[],
): Promise<readonly (readonly number[])[]> {
  return answerRows(model, run, await maskRows(model, run.states, sets));
}

/** The same with each set's squares of the picture taken from `fill`. */
export async function ablatePixels(
  model: GenerativeModel,
  run: AnswerRun,
  fill: Picture,
  sets: readonly (readonly number[])[],
): Promise<readonly (readonly number[])[]> {
  return answerPictures(
    model,
    run,
    sets.map((set) => replacePatches(run.picture, fill, run.grid, set)),
  );
}

/** Log probabilities of the answer, seen in other pictures. */
export async function answerPictures(
  model: GenerativeModel,
  run: AnswerRun,
  pictures: readonly Rgb8[],
): Promise<readonly (readonly number[])[]> {
  return answerRows(model, run, await imageFeatures(model, await seeStates(model, pictures)));
}

/** Positions before the first image token that differs from the run's own are not computed again: their cache is cut off and used. */
async function answerRows(
  model: GenerativeModel,
  run: AnswerRun,
  image: ImageFeatures,
): Promise<readonly (readonly number[])[]> {
  const whole = await embedSequence(model, run.sequence, image);
  const { batch, width, length } = whole;
  const cached = model.decoder.cache.length > 0 ? firstDifference(run, whole.data, batch) : 0;
  const rest = length - cached;
  const data = new Float32Array(batch * rest * width);
  for (let row = 0; row < batch; row++) {
    data.set(
      whole.data.subarray((row * length + cached) * width, (row + 1) * length * width),
      row * rest * width,
    );
  }
  const past = cached > 0 ? cutPast(run.capture.past, cached, batch) : null;
  const outputs = await runDecoder(
    model.decoderSession,
    model.decoder,
    { batch, length: rest, width, data },
    past,
    ['logits'],
  );
  const logits = floats(outputs, 'logits');
  const table = tensor(['position', 'token'], [batch * rest, logits.dims[2]!], logits.data);
  return Array.from({ length: batch }, (_, row) => answerLogProbabilities(run, table, row * rest, cached));
}

function firstDifference({ embeddings, answered }: AnswerRun, rows: Float32Array, batch: number): number {
  const { width, data } = embeddings;
  // The position before the first answer token predicts it: it is always run.
  const length = answered[0]! - 1;
  for (let position = 0; position < length; position++) {
    for (let row = 0; row < batch; row++) {
      const at = (row * length + position) * width;
      for (let i = 0; i < width; i++) if (rows[at + i] !== data[position * width + i]) return position;
    }
  }
  return length;
}

/** Log probability of each answer token; rows of `logits` begin at `first` with the position `from`. */
function answerLogProbabilities(
  { answered, sequence }: AnswerRun,
  logits: AnswerRun['capture']['logits'],
  first: number,
  from: number,
): readonly number[] {
  return answered.map((position) =>
    logProbability(logits, first + position - 1 - from, sequence[position]!.id),
  );
}
