/** Do heatmaps lie where their word's object is: against shuffled weights and against other scenes' masks. */

import { AttentionRecord } from '../../families/diffusion/attention-record.ts';
import { denoise } from '../../families/diffusion/sampler.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { daam } from '../../methods/attention/daam.ts';
import {
  hotterInside,
  iouAtArea,
  pointing,
  type Score,
  spatialPrior,
} from '../../methods/attention/score.ts';
import type { LayerAttention } from '../../protocol/jobs.ts';
import type { Mask } from '../../tensor/mask.ts';
import { mean } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { COLOURS } from '../../world/catalogue.ts';
import { DIFFUSION, generateFixed, keepPicture, type Trajectory } from '../generated.ts';
import { FIXED_PROMPTS } from '../prompts.ts';
import { segmentByColour } from '../segment.ts';
import type { Finding, Measure } from '../table.ts';

const SHUFFLE_SEED = 5;
const OBJECT_HOTTER = 'object word hotter inside its object than outside';
const OBJECT_BAR = { is: 'at least', value: 0.8 } as const;

interface Judged {
  readonly mask: Mask;
  readonly object: Grid;
  readonly color: Grid;
  readonly shuffled: Grid;
}

export const attention: Measure = async (say) => {
  const trained = createNodeRuntime();
  const control = createNodeRuntime({
    transform: (bytes, _, file) => (file === 'unet' ? shuffleWeights(bytes, SHUFFLE_SEED) : bytes),
  });
  const { unet, instrumented } = await openDiffusion(control, DIFFUSION);
  const judged: Judged[] = [];
  for (const [index, prompt] of FIXED_PROMPTS.entries()) {
    const trajectory = await generateFixed(trained, prompt);
    keepPicture(trajectory);
    const mask = segmentByColour(trajectory.image, COLOURS[prompt.color]);
    if (mask) {
      // The same latents through the shuffled network: the conditional half alone gives the same maps.
      const plan = {
        ...trajectory.plan,
        unet,
        guidance: 1,
        capture: instrumented.taps.map(({ output }) => output),
      };
      const [, height, width] = plan.latentDims;
      const record = new AttentionRecord(instrumented.taps, trajectory.steps.length, height, width);
      for (const { latents, timestep } of trajectory.steps) {
        record.add((await denoise(plan, latents, timestep)).captured);
      }
      judged.push({
        mask,
        object: heat(trajectory, trajectory.attention, prompt.kind),
        color: heat(trajectory, trajectory.attention, prompt.color),
        shuffled: heat(trajectory, record.layers(), prompt.kind),
      });
    }
    if (index % 10 === 9) say(`attention: ${index + 1} of ${FIXED_PROMPTS.length} pictures`);
  }
  await trained.close();
  await control.close();

  if (judged.length < 2) {
    const note = `an object found in ${judged.length} of ${FIXED_PROMPTS.length} pictures: nothing to judge`;
    return [{ name: OBJECT_HOTTER, value: Number.NaN, unit: 'share', bar: OBJECT_BAR, note }];
  }
  const masks = judged.map(({ mask }) => mask);
  const score = (pick: (item: Judged) => Grid, by: Score) =>
    mean(judged.map((item) => by(pick(item), item.mask)));
  const object = (item: Judged) => item.object;
  const shuffled = (item: Judged) => item.shuffled;
  const found = judged.length / FIXED_PROMPTS.length;
  const findings: Finding[] = [
    {
      name: OBJECT_HOTTER,
      value: score(object, hotterInside),
      unit: 'share',
      bar: OBJECT_BAR,
      note: `${judged.length} pictures with an object found`,
    },
    {
      name: '  control: shuffled weights, same latents and masks',
      value: score(shuffled, hotterInside),
      unit: 'share',
    },
    {
      name: "  control: other scenes' masks",
      value: spatialPrior(judged.map(object), masks, hotterInside),
      unit: 'share',
    },
    {
      name: '  pictures without a found object counted as misses',
      value: score(object, hotterInside) * found,
      unit: 'share',
      note: `${FIXED_PROMPTS.length - judged.length} rejected: no part of the prompt's colour covers 1% to 50%`,
    },
    {
      name: 'colour word hotter inside than outside',
      value: score((item) => item.color, hotterInside),
      unit: 'share',
    },
    { name: 'pointing game, object word', value: score(object, pointing), unit: 'share' },
    { name: '  control: shuffled weights', value: score(shuffled, pointing), unit: 'share' },
    {
      name: "  control: other scenes' masks",
      value: spatialPrior(judged.map(object), masks, pointing),
      unit: 'share',
    },
    { name: "IoU at the mask's area, object word", value: score(object, iouAtArea) },
    { name: '  control: shuffled weights', value: score(shuffled, iouAtArea) },
    {
      name: "  control: other scenes' masks",
      value: spatialPrior(judged.map(object), masks, iouAtArea, Math.min(10, masks.length - 1)),
    },
  ];
  return findings;
};

/** The heatmap of a word at the picture's size. */
function heat({ reading, image }: Trajectory, layers: readonly LayerAttention[], word: string): Grid {
  const found = reading.words.find(({ text }) => text === word);
  if (!found) throw new RangeError(`no ${word} in the prompt`);
  return daam(layers, found.positions, image.height, image.width).map;
}
