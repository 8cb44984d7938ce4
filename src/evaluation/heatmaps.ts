/** Heatmaps of generated pictures beside what a judge says of them: of the trained model, and of its shuffled weights on the same latents. */

import { AttentionRecord } from '../families/diffusion/attention-record.ts';
import { denoise } from '../families/diffusion/sampler.ts';
import type { DiffusionModel } from '../jobs/diffusion-model.ts';
import type { Runtime } from '../jobs/runtime.ts';
import { daam } from '../methods/attention/daam.ts';
import type { LayerAttention, PromptReading } from '../protocol/jobs.ts';
import type { Grid } from '../tensor/tensor.ts';
import { generateFixed, type Trajectory, type Wish } from './generated.ts';
import type { Judge, Sighting } from './judge.ts';

export interface Drawn {
  readonly sighting: Sighting;
  readonly reading: PromptReading;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** The default heatmap of the word's `occurrence` (from 0) at the picture's size. Throws RangeError for a word that is not there. */
  heat(word: string, from?: 'trained' | 'shuffled', occurrence?: number): Grid;
  /** That of a word by its index. */
  heatAt(index: number): Grid;
}

/** Draws a prompt and looks. Without a control nothing is known of shuffled weights. */
export async function drawJudged(
  runtime: Runtime,
  judge: Judge,
  wish: Wish,
  control: Pick<DiffusionModel, 'unet' | 'instrumented'> | null,
): Promise<Drawn> {
  const trajectory = await generateFixed(runtime, wish);
  const { reading, attention, image } = trajectory;
  const shuffled = control && (await replay(trajectory, control));
  const finest = attention.reduce((best, layer) => (layer.gridWidth > best.gridWidth ? layer : best));
  const map = (layers: readonly LayerAttention[], positions: readonly number[]) =>
    daam(layers, positions, image.height, image.width).map;
  return {
    sighting: await judge.look(image),
    reading,
    gridHeight: finest.gridHeight,
    gridWidth: finest.gridWidth,
    heat: (word, from = 'trained', occurrence = 0) => {
      const found = reading.words.filter(({ text }) => text === word)[occurrence];
      if (!found) throw new RangeError(`no ${word} in the prompt`);
      const layers = from === 'trained' ? attention : shuffled;
      if (!layers) throw new RangeError('no control was run');
      return map(layers, found.positions);
    },
    heatAt: (index) => map(attention, reading.words[index]!.positions),
  };
}

/** The same latents through another network: the conditional half alone gives the same maps. */
async function replay(
  { plan: drawn, steps }: Trajectory,
  { unet, instrumented: { taps } }: Pick<DiffusionModel, 'unet' | 'instrumented'>,
): Promise<readonly LayerAttention[]> {
  const plan = { ...drawn, unet, guidance: 1, capture: taps.map(({ output }) => output) };
  const [, height, width] = plan.latentDims;
  const record = new AttentionRecord(taps, steps.length, height, width);
  for (const { latents, timestep } of steps) record.add((await denoise(plan, latents, timestep)).captured);
  return record.layers();
}
