/** The causal referee of a caption: each patch taken away on its own, and what every word loses by it. */

import { runCross } from '../families/generative/run-cross.ts';
import { floats } from '../families/session.ts';
import { removalFill, replacePatches } from '../methods/faithfulness/blur.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { type CaptionRun, runCaption } from './caption-explain.ts';
import { type Captioner, openCaptioner, remember, seeCaption, write } from './captioner.ts';
import { replaceRows } from './interventions.ts';
import { logProbability } from './log-probability.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

/** Patches in one batch. */
const BATCH = 8;

export const captionAblate: Job<'ablatePatches'> = async (params, { runtime, cancellation, report }) => {
  const model = await openCaptioner(runtime, params.model);
  const run = await runCaption(model, params);
  const { grid } = run.place;
  const patches = grid * grid;
  const watch = new Stopwatch(runtime, patches);
  const intact = wordsOf(model, run, run.capture.logits, 0);
  const drop = new Float32Array(intact.length * patches);
  for (let first = 0; first < patches; first += BATCH) {
    const group = Array.from({ length: Math.min(BATCH, patches - first) }, (_, i) => first + i);
    const rows = await without(model, run, group, params.level);
    group.forEach((patch, row) => {
      rows[row]!.forEach((value, word) => {
        drop[word * patches + patch] = intact[word]! - value;
      });
    });
    report(watch.advance(group.length));
    await runtime.pause();
    cancellation.check();
  }
  return {
    level: params.level,
    gridHeight: grid,
    gridWidth: grid,
    intact: intact.map(Math.exp),
    drop: tensor(['token', 'patch'], [intact.length, patches], drop),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Log probabilities of the words, [patch][word], with one patch each taken away: its state the mean one, or its square blurred. */
async function without(
  model: Captioner,
  run: CaptionRun,
  patches: readonly number[],
  level: 'token' | 'pixel',
): Promise<readonly (readonly number[])[]> {
  const { states, place, picture, question, said } = run;
  const [, positions = 0, channels = 0] = states.dims;
  const seen =
    level === 'token'
      ? {
          dims: [patches.length, positions, channels],
          data: replaceRows(
            states.data,
            positions,
            channels,
            place.lead,
            patches.map((patch) => [patch]),
          ),
        }
      : await seeCaption(model, blurredAt(picture, place.grid, patches));
  const memory = await remember(model, seen, question);
  const written = await write(model, said);
  const outputs = await runCross(model.full, model.decoder, memory, written, ['logits'], { silenced: [] });
  const { dims, data } = floats(outputs, 'logits');
  const table = tensor(['position', 'token'], [patches.length * said.length, dims[2]!], data);
  return patches.map((_, row) => wordsOf(model, run, table, row * said.length));
}

function blurredAt(picture: CaptionRun['picture'], grid: number, patches: readonly number[]) {
  const fill = removalFill(picture);
  return patches.map((patch) => replacePatches(picture, fill, grid, [patch]));
}

/** Log probability of every word of the answer; rows of the table begin at `first`. */
function wordsOf(
  { config }: Captioner,
  { said }: CaptionRun,
  table: Tensor<readonly ['position', 'token']>,
  first: number,
): readonly number[] {
  return said
    .slice(config.start.length)
    .map((id, index) => logProbability(table, first + config.start.length + index - 1, id));
}
