/** Do heatmaps lie where their words' things are: against the grid's ceiling, shuffled weights and other scenes' masks. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { openDiffusion } from '../../jobs/diffusion-model.ts';
import { shuffleWeights } from '../../jobs/shuffled.ts';
import { insideOutside } from '../../methods/attention/figures.ts';
import {
  gridCeiling,
  iouAtPeakShare,
  pointing,
  type Score,
  spatialPrior,
} from '../../methods/attention/score.ts';
import { area, type Mask } from '../../tensor/mask.ts';
import { mean, standardDeviation } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { DIFFUSION } from '../generated.ts';
import { type Drawn, drawJudged } from '../heatmaps.ts';
import { judgeFinding, openJudge } from '../judge.ts';
import { fixedPrompts, functionWords, knownKinds, type PairPrompt, pairPrompts } from '../prompts.ts';
import type { Finding, Measure } from '../table.ts';
import { drawnSceneFindings } from './attention/drawn-scenes.ts';

const SHUFFLE_SEED = 5;
/** Numbers of the first validation prompt, apart from those of the test. */
const VALIDATION = 1000;
const LEAST_AREA = 0.04;
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => 0.05 * (i + 1));
/** A function word's map is flat when it varies at most this much of the object word's. */
const FLAT = 0.25;
/** Rotations of the masks that the spatial prior of IoU is averaged over. */
const PRIOR_ROUNDS = 10;

interface Judged {
  readonly heat: Grid;
  readonly shuffled: Grid | null;
  readonly mask: Mask;
  readonly ceiling: number;
  /** Of each function word: its map's spatial deviation as a share of the object word's. */
  readonly flatness: readonly number[];
}

export const attention: Measure = async (
  say,
  { pictures = 100, validation = 40, pairs = 100, scenes = 40 },
) => {
  const trained = createNodeRuntime();
  const shuffled = createNodeRuntime({
    transform: (bytes, _, file) => (file === 'unet' ? shuffleWeights(bytes, SHUFFLE_SEED) : bytes),
  });
  const model = await openDiffusion(trained, DIFFUSION);
  const control = await openDiffusion(shuffled, DIFFUSION);
  const judge = await openJudge(trained);
  const kinds = knownKinds(model);

  const judgeAll = async (count: number, first: number, against: typeof control | null) => {
    const judged: Judged[] = [];
    for (const [index, prompt] of fixedPrompts(kinds, count, first).entries()) {
      const drawn = await drawJudged(trained, judge, prompt, against);
      const mask = drawn.sighting.mask(prompt);
      if (mask && area(mask) >= LEAST_AREA * mask.data.length) {
        const heat = drawn.heat(prompt.kind);
        const flat = functionWords(prompt.text).map(
          (word) => deviation(drawn, word) / standardDeviation(heat.data),
        );
        judged.push({
          heat,
          shuffled: against && drawn.heat(prompt.kind, 'shuffled'),
          mask,
          ceiling: gridCeiling(mask, drawn.gridHeight, drawn.gridWidth),
          flatness: flat,
        });
      }
      if (index % 10 === 9) say(`attention: ${index + 1} of ${count} pictures`);
    }
    return judged;
  };
  const chosenOn = await judgeAll(validation, VALIDATION, null);
  const share = bestThreshold(chosenOn);
  const judged = await judgeAll(pictures, 0, control);
  const bound = await bindings(pairPrompts(kinds, pairs), async (prompt) =>
    drawJudged(trained, judge, prompt, control),
  );
  say(`attention: ${pairs} pictures of two things`);
  const exact = await drawnSceneFindings(trained, kinds, { validation, scenes });
  await trained.close();
  await shuffled.close();

  return [
    judgeFinding(judge),
    ...objectFindings(
      judged,
      share,
      `${judged.length} of ${pictures} pictures, ${kinds.length} kinds, chosen on ${chosenOn.length}`,
    ),
    ...bound,
    ...exact,
  ];
};

/** The share of the map's own peak above which it is inside: the best mean IoU. NaN without maps. */
function bestThreshold(judged: readonly Judged[]): number {
  if (judged.length === 0) return Number.NaN;
  const score = (share: number) => mean(judged.map(({ heat, mask }) => iouAtPeakShare(share)(heat, mask)));
  return THRESHOLDS.reduce((best, share) => (score(share) > score(best) ? share : best));
}

function objectFindings(judged: readonly Judged[], share: number, counts: string): readonly Finding[] {
  const none = judged.length < 2;
  const over = (by: (item: Judged) => number) => (none ? Number.NaN : mean(judged.map(by)));
  const own = (by: Score) => over(({ heat, mask }) => by(heat, mask));
  const control = (by: Score) => over(({ shuffled, mask }) => by(shuffled!, mask));
  const prior = (by: Score, rounds: number) =>
    none
      ? Number.NaN
      : spatialPrior(
          judged.map(({ heat }) => heat),
          judged.map(({ mask }) => mask),
          by,
          Math.min(rounds, judged.length - 1),
        );
  const overlap = iouAtPeakShare(share);
  const flatness = judged.flatMap((item) => item.flatness);
  const pointed = own(pointing);
  const pointedPrior = prior(pointing, judged.length - 1);
  return [
    {
      name: 'object word: mean IoU with the thing',
      value: own(overlap),
      bar: { is: 'at least', value: 0.5 },
      note: `above ${(100 * share).toFixed(0)}% of the map's peak; ${counts}; things of 4% of the picture and more`,
    },
    { name: "  the grid's ceiling", value: over(({ ceiling }) => ceiling) },
    { name: "  control: other pictures' masks", value: prior(overlap, PRIOR_ROUNDS) },
    { name: '  control: shuffled weights', value: control(overlap) },
    {
      name: 'object word: pointing game',
      value: pointed,
      unit: 'share',
      bar: { is: 'at least', value: 0.9 },
    },
    {
      name: "  above other pictures' masks by",
      value: pointed - pointedPrior,
      unit: 'share',
      bar: { is: 'at least', value: 0.2 },
      note: `they give ${(100 * pointedPrior).toFixed(1)}%`,
    },
    { name: '  control: shuffled weights', value: control(pointing), unit: 'share' },
    {
      name: "function words: deviation at most a quarter of the object word's",
      value: flatness.length === 0 ? Number.NaN : mean(flatness.map((value) => Number(value <= FLAT))),
      unit: 'share',
      bar: { is: 'at least', value: 0.9 },
      note: `${flatness.length} words`,
    },
  ];
}

/** Two things in two colours: on whose thing is the colour word hotter. Only pictures that show both are asked. */
async function bindings(
  prompts: readonly PairPrompt[],
  draw: (prompt: PairPrompt) => Promise<Drawn>,
): Promise<readonly Finding[]> {
  const right = { trained: [] as boolean[], shuffled: [] as boolean[] };
  let shown = 0;
  for (const prompt of prompts) {
    const drawn = await draw(prompt);
    const { sighting } = drawn;
    const masks = prompt.things.map((thing) => sighting.mask(thing));
    if (!masks[0] || !masks[1] || !prompt.things.every((thing) => sighting.shows(thing))) continue;
    shown++;
    prompt.things.forEach(({ color }, at) => {
      for (const from of ['trained', 'shuffled'] as const) {
        const heat = drawn.heat(color, from);
        const [own, other] = [masks[at]!, masks[1 - at]!].map((mask) => insideOutside(heat, mask).inside);
        right[from].push(own! > other!);
      }
    });
  }
  const share = (list: readonly boolean[]) => (list.length === 0 ? Number.NaN : mean(list.map(Number)));
  return [
    {
      name: 'two things: the colour word is hotter on its own',
      value: share(right.trained),
      unit: 'share',
      bar: { is: 'at least', value: 0.85 },
      note: `${shown} of ${prompts.length} pictures show both; chance 50%`,
    },
    { name: '  control: shuffled weights', value: share(right.shuffled), unit: 'share' },
  ];
}

/** Spatial standard deviation of a word's map. */
function deviation(drawn: Drawn, { index }: { readonly index: number }): number {
  return standardDeviation(drawn.heatAt(index).data);
}
