/** Every way of saying where an answer came from, on one item. */

import { ablateStates } from '../../jobs/ablate-patches.ts';
import { type AnswerRun, runAnswer } from '../../jobs/answer-run.ts';
import { explainToken, rowOf } from '../../jobs/explain-answer.ts';
import type { GenerativeModel } from '../../jobs/generative-model.ts';
import { queryMaps } from '../../jobs/query-maps.ts';
import { bestToken } from '../../jobs/trace.ts';
import { answerHeat, WHOLE } from '../../methods/attention/answer-heat.ts';
import { rollout, sinks } from '../../methods/attention/rollout.ts';
import type { AnswerExplanation } from '../../protocol/ask.ts';
import { softmax } from '../../tensor/statistics.ts';
import { type Grid, grid } from '../../tensor/tensor.ts';
import type { Item } from './items.ts';

export interface Judged {
  readonly run: AnswerRun;
  /** Token that the answer is judged by. */
  readonly token: number;
  /** By the name of the method. */
  readonly heats: ReadonlyMap<string, Grid>;
  /** Log probability lost by each patch's ablation. */
  readonly ablation: Grid;
}

/** The model's own one-word answer. */
export async function answerOf(
  model: GenerativeModel,
  item: Pick<Item, 'question'>,
  image: AnswerImage,
): Promise<number> {
  return bestToken(
    await runAnswer(model, { image, question: item.question, answer: [] }, { attention: false }),
  );
}

export type AnswerImage = Parameters<typeof runAnswer>[1]['image'];

/** Explains the answer `token` by every method. Maps behind a Q-Former are compositions; `... 3x3` are means of neighbours. */
export async function judge(model: GenerativeModel, item: Item, token: number): Promise<Judged> {
  const image = { kind: 'scene', seed: item.seed } as const;
  const run = await runAnswer(model, { image, question: item.question, answer: [token] });
  const position = run.answered[0]!;
  const patterns = run.capture.attention.map(({ pattern }) => pattern);
  const explained = explainToken(model, run, position, rowOf(rollout(patterns), position - 1));
  const explanation: AnswerExplanation = {
    image: run.image,
    sequence: run.sequence,
    imagePositions: run.positions,
    gridHeight: run.grid,
    gridWidth: run.grid,
    tokens: [explained],
    sinks: sinks(patterns),
    queries: queryMaps(model, run.features),
    device: 'wasm',
    elapsedMs: 0,
  };
  const heats = new Map<string, Grid>();
  const layers = explained.attention.dims[0];
  heats.set('raw attention', answerHeat(explanation, explained, 'attention', WHOLE));
  heats.set('rollout', answerHeat(explanation, explained, 'rollout', WHOLE));
  heats.set('direct attribution', answerHeat(explanation, explained, 'attribution', WHOLE));
  for (let layer = 0; layer < layers; layer++) {
    const choice = { layer, head: 'mean' } as const;
    heats.set(`raw attention, layer ${layer + 1}`, answerHeat(explanation, explained, 'attention', choice));
  }
  const ablation = await ablationOf(model, run);
  heats.set('patch ablation', ablation);
  for (const [name, heat] of [...heats]) heats.set(`${name}, 3x3`, neighbours(heat));
  return { run, token, heats, ablation };
}

const BATCH = 16;

async function ablationOf(model: GenerativeModel, run: AnswerRun): Promise<Grid> {
  const patches = run.grid * run.grid;
  const id = run.sequence[run.answered[0]!]!.id;
  const intact = Math.log(softmax(rowOf(run.capture.logits, run.answered[0]! - 1))[id]!);
  const drop = new Float32Array(patches);
  for (let first = 0; first < patches; first += BATCH) {
    const sets = Array.from({ length: Math.min(BATCH, patches - first) }, (_, i) => [first + i]);
    const rows = await ablateStates(model, run, sets);
    rows.forEach(([value], row) => {
      drop[first + row] = intact - value!;
    });
  }
  return grid(run.grid, run.grid, drop);
}

/** Mean of each cell and those around it. */
function neighbours({ dims: [height, width], data }: Grid): Grid {
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          sum += data[v * width + u]!;
          count++;
        }
      }
      out[y * width + x] = sum / count;
    }
  }
  return grid(height, width, out);
}
