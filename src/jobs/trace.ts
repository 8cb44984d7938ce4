/**
 * Activation patching: two runs that differ in the picture or the question, and what becomes of the second one's answer when a
 * state of the first is put in its place: one layer, one position at a time.
 */

import { toPixels } from '../families/contrastive/preprocess.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { floats, type Value } from '../families/session.ts';
import type { TraceParams } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import { grid, tensor } from '../tensor/tensor.ts';
import { type AnswerRun, runAnswer } from './answer-run.ts';
import { candidatesOf } from './answer-token.ts';
import { rowOf } from './explain-answer.ts';
import { embedSequence, type GenerativeModel, imageFeatures, openGenerative } from './generative-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

const BATCH = 16;

export const trace: Job<'trace'> = async (params, { runtime, cancellation, report }) => {
  const model = await openGenerative(runtime, params.model);
  const { source, target, before, after } = await tracePair(model, params);
  const blocks = model.decoder.blocks.length;
  const { length } = target.sequence;
  const behindQueries = model.bridge !== null && model.bridge.maps.length > 0;
  const patches = behindQueries ? target.grid ** 2 : 0;
  const watch = new Stopwatch(runtime, blocks * length + patches);
  const recovered = new Float32Array(blocks * length);
  const seen = new Float32Array(patches);
  const [from, to] = [differenceAt(target, before, after), differenceAt(source, before, after)];
  const share = (logits: Float32Array) => (logits[before]! - logits[after]! - from) / (to - from);
  const patchAll = async (
    shares: Float32Array,
    patched: (places: readonly number[]) => Promise<readonly Float32Array[]>,
  ): Promise<void> => {
    for (let first = 0; first < shares.length; first += BATCH) {
      const places = Array.from({ length: Math.min(BATCH, shares.length - first) }, (_, i) => first + i);
      shares.set((await patched(places)).map(share), first);
      report(watch.advance(places.length));
      await runtime.pause();
      cancellation.check();
    }
  };
  await patchAll(seen, (places) =>
    patchSeen(
      model,
      source,
      target,
      places.map((patch) => neighbourhood(patch, target.grid)),
    ),
  );
  for (let block = 0; block < blocks; block++) {
    await patchAll(recovered.subarray(block * length, (block + 1) * length), (positions) =>
      patchStates(
        model,
        source,
        target,
        block,
        positions.map((position) => [position]),
      ),
    );
  }
  return {
    sequence: target.sequence,
    imagePositions: target.positions,
    gridHeight: target.grid,
    gridWidth: target.grid,
    sourceImage: toPixels(source.picture),
    targetImage: toPixels(target.picture),
    sourceAnswer: candidateOf(model, source, before),
    targetAnswer: candidateOf(model, target, after),
    sourceDifference: to,
    targetDifference: from,
    recovered: tensor(['block', 'position'], [blocks, length], recovered),
    seen: behindQueries ? grid(target.grid, target.grid, seen) : null,
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Two runs of equally long prompts whose first answer words differ: `before` the source's, `after` the target's. */
export async function tracePair(model: GenerativeModel, { source, target }: Omit<TraceParams, 'model'>) {
  const runs = [
    await runAnswer(model, { ...source, answer: [] }, { attention: false }),
    await runAnswer(model, { ...target, answer: [] }, { attention: false }),
  ] as const;
  const [first, second] = runs;
  if (first.sequence.length !== second.sequence.length) {
    throw new VitrineError('bad-parameter', 'the two questions have different numbers of tokens', {
      name: 'question',
      allowed: 'questions of the same number of words',
    });
  }
  const [before, after] = [bestToken(first), bestToken(second)];
  if (before === after) {
    throw new VitrineError('bad-parameter', 'both runs answer the same', {
      name: 'picture',
      allowed: 'two pictures or questions whose answers begin differently',
    });
  }
  return { source: first, target: second, before, after };
}

/** Logits of the last position, [token], when states of `source` after `block` are put into `target`: a row for each set of positions. */
export async function patchStates(
  model: GenerativeModel,
  source: AnswerRun,
  target: AnswerRun,
  block: number,
  sets: readonly (readonly number[])[],
): Promise<readonly Float32Array[]> {
  const { length, width, data } = target.embeddings;
  const rows = new Float32Array(sets.length * data.length);
  for (let row = 0; row < sets.length; row++) rows.set(data, row * data.length);
  const { state } = source.capture.states[block + 1]!;
  const states = sets.map((positions) => {
    const joined = new Float32Array(positions.length * width);
    positions.forEach((position, i) => {
      joined.set(state.data.subarray(position * width, (position + 1) * width), i * width);
    });
    return { positions, state: joined };
  });
  const outputs = await runDecoder(
    model.decoderSession,
    model.decoder,
    { batch: sets.length, length, width, data: rows },
    null,
    ['logits'],
    { states: { block, rows: states } },
  );
  return lastOfRows(outputs);
}

/** A patch and those around it: one alone seldom carries a thing's colour. */
function neighbourhood(patch: number, side: number): readonly number[] {
  const [y, x] = [Math.floor(patch / side), patch % side];
  return [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1].flatMap((dx) =>
      y + dy < 0 || y + dy >= side || x + dx < 0 || x + dx >= side ? [] : [(y + dy) * side + x + dx],
    ),
  );
}

/** The same before a Q-Former, whose queries lie nowhere: a row for each set of patches of the vision tower's last states. */
export async function patchSeen(
  model: GenerativeModel,
  source: AnswerRun,
  target: AnswerRun,
  sets: readonly (readonly number[])[],
): Promise<readonly Float32Array[]> {
  const [, positions = 0, channels = 0] = target.states.dims;
  // The class token, where there is one, comes first.
  const first = positions - model.config.grid ** 2;
  const size = positions * channels;
  const data = new Float32Array(sets.length * size);
  sets.forEach((patches, row) => {
    data.set(target.states.data, row * size);
    for (const patch of patches) {
      const at = (first + patch) * channels;
      data.set(source.states.data.subarray(at, at + channels), row * size + at);
    }
  });
  const features = await imageFeatures(model, {
    ...target.states,
    dims: [sets.length, positions, channels],
    data,
  });
  const whole = await embedSequence(model, target.sequence, features);
  const outputs = await runDecoder(model.decoderSession, model.decoder, whole, null, ['logits']);
  return lastOfRows(outputs);
}

/** Logits of the last position of each row. */
function lastOfRows(outputs: Readonly<Record<string, Value>>): readonly Float32Array[] {
  const { dims, data } = floats(outputs, 'logits');
  const [rows = 0, length = 0, vocabulary = 0] = dims;
  return Array.from({ length: rows }, (_, row) => {
    const at = ((row + 1) * length - 1) * vocabulary;
    return data.slice(at, at + vocabulary);
  });
}

export function lastLogits({ capture }: AnswerRun): Float32Array {
  return rowOf(capture.logits, capture.logits.dims[0] - 1);
}

export function bestToken(run: AnswerRun): number {
  const logits = lastLogits(run);
  return logits.indexOf(Math.max(...logits));
}

function differenceAt(run: AnswerRun, before: number, after: number): number {
  const logits = lastLogits(run);
  return logits[before]! - logits[after]!;
}

function candidateOf(model: GenerativeModel, run: AnswerRun, id: number) {
  const logits = lastLogits(run);
  return candidatesOf(model, logits, logits.length).find((candidate) => candidate.id === id)!;
}
