/** The same heatmaps on the world's own drawings, whose masks are exact: each scene is noised and read, as the page's Picture does. */

import { inspect } from '../../../jobs/inspect.ts';
import type { Runtime } from '../../../jobs/runtime.ts';
import { scenePixels } from '../../../jobs/scenes.ts';
import { daam } from '../../../methods/attention/daam.ts';
import { iouAtPeakShare, pointing, spatialPrior } from '../../../methods/attention/score.ts';
import { area, type Mask, mask } from '../../../tensor/mask.ts';
import { mean } from '../../../tensor/statistics.ts';
import type { Grid } from '../../../tensor/tensor.ts';
import { type Kind, PLACES } from '../../../world/catalogue.ts';
import { drawScene } from '../../../world/draw.ts';
import { sampleScene } from '../../../world/scene.ts';
import { DIFFUSION, SETTINGS } from '../../generated.ts';
import { type FixedPrompt, fixedPrompts } from '../../prompts.ts';
import type { Finding } from '../../table.ts';

const SIZE = 128;
/** Numbers of the first prompts, apart from those of generated pictures. */
const VALIDATION = 3000;
const TEST = 2000;
const LEAST_AREA = 0.04;
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => 0.05 * (i + 1));
const PRIOR_ROUNDS = 10;

interface Read {
  readonly heat: Grid;
  readonly mask: Mask;
}

/** No bar is stated for them: they tell what of the figures above is the judge's fault. */
export async function drawnSceneFindings(
  runtime: Runtime,
  kinds: readonly Kind[],
  counts: { readonly validation: number; readonly scenes: number },
): Promise<readonly Finding[]> {
  const chosenOn = await readAll(runtime, fixedPrompts(kinds, counts.validation, VALIDATION));
  const read = await readAll(runtime, fixedPrompts(kinds, counts.scenes, TEST));
  if (chosenOn.length === 0 || read.length < 2) return [];
  const score = (items: readonly Read[], share: number) =>
    mean(items.map(({ heat, mask: truth }) => iouAtPeakShare(share)(heat, truth)));
  const share = THRESHOLDS.reduce((best, next) =>
    score(chosenOn, next) > score(chosenOn, best) ? next : best,
  );
  const heats = read.map(({ heat }) => heat);
  const masks = read.map(({ mask: truth }) => truth);
  return [
    {
      name: 'drawn scenes, noised and read: mean IoU of the object word',
      value: score(read, share),
      note: `exact masks; above ${(100 * share).toFixed(0)}% of the peak; ${read.length} scenes, chosen on ${chosenOn.length}`,
    },
    {
      name: "  control: other scenes' masks",
      value: spatialPrior(heats, masks, iouAtPeakShare(share), Math.min(PRIOR_ROUNDS, read.length - 1)),
    },
    {
      name: '  pointing game',
      value: mean(read.map(({ heat, mask: truth }) => pointing(heat, truth))),
      unit: 'share',
    },
    { name: "  control: other scenes' masks", value: spatialPrior(heats, masks, pointing), unit: 'share' },
  ];
}

async function readAll(runtime: Runtime, prompts: readonly FixedPrompt[]): Promise<readonly Read[]> {
  const all: Read[] = [];
  for (const prompt of prompts) {
    const place = PLACES.find((name) => prompt.text.includes(name))!;
    const { kind, color, seed, text } = prompt;
    const scene = sampleScene(seed, {
      kinds: [kind],
      colors: [color],
      objects: 1,
      place,
      time: 'day',
      weather: 'clear',
    });
    const drawing = drawScene(scene, SIZE);
    const truth = mask(
      SIZE,
      SIZE,
      drawing.instances.map((instance) => (instance === 0 ? 0 : 1)),
    );
    if (area(truth) < LEAST_AREA * truth.data.length) continue;
    const { reading, attention } = await inspect(
      {
        model: DIFFUSION,
        prompt: text,
        seed,
        ...SETTINGS,
        image: { kind: 'pixels', pixels: scenePixels(drawing) },
        noise: 1,
        by: 'noise',
      },
      { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined },
    );
    const { positions } = reading.words.find((word) => word.text === kind)!;
    all.push({ heat: daam(attention, positions, SIZE, SIZE).map, mask: truth });
  }
  return all;
}
