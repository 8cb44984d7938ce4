/** What a scene of the world costs, drawn with its labels and told in captions, facts and questions. */

import { quantile } from '../../tensor/statistics.ts';
import { claimedCaptions, fullCaption } from '../../world/caption.ts';
import { drawScene } from '../../world/draw.ts';
import { factsOf } from '../../world/facts.ts';
import { questions } from '../../world/questions.ts';
import { Random } from '../../world/random.ts';
import { sampleScene } from '../../world/scene.ts';
import type { Measure } from '../table.ts';

const ROUNDS = 15;
const SCENES = 100;
const SIZE = 128;
const CAPTIONS = 3;

/** In processor time of this process, garbage collection included: what else the machine does is not ours. */
export const world: Measure = async () => {
  const work = { labelled: 0, told: 0 };
  const rates = Array.from({ length: ROUNDS + 1 }, (_, round) => {
    const start = process.cpuUsage();
    for (let i = 0; i < SCENES; i++) {
      const scene = sampleScene(round * SCENES + i);
      const random = new Random(scene.seed, 4);
      work.labelled += drawScene(scene, SIZE).labels.length;
      work.told += claimedCaptions(scene, random, CAPTIONS).length + questions(scene, random).length;
      work.told += fullCaption(scene).claims.length + factsOf(scene).length;
    }
    const { user, system } = process.cpuUsage(start);
    return (SCENES * 1e6) / (user + system);
  }).slice(1);
  return [
    {
      name: `scenes a second on one core at ${SIZE} pixels, labels and texts included`,
      value: quantile(Float32Array.from(rates), 0.5),
      unit: 'count',
      bar: { is: 'at least', value: 300 },
      note: `median of ${ROUNDS} rounds of ${SCENES} scenes, processor time`,
    },
  ];
};
