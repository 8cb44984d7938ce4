/** What layers hold, and what they do not: AUC by layer of true concepts, and nonsense inside the null. */

import { conceptReaders } from '../../jobs/concept-readers.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { PROPERTIES } from '../../jobs/scene-truth.ts';
import { surveyScenes } from '../../jobs/survey.ts';
import { contrastiveMeans } from '../../methods/concepts/means.ts';
import { readLayer } from '../../methods/concepts/reader.ts';
import { separation } from '../../methods/concepts/separation.ts';
import { meanRow, row } from '../../methods/concepts/texts.ts';
import { cosine } from '../../tensor/statistics.ts';
import type { Scene } from '../../world/scene.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const SCENES = 500;
const FIRST_SEED = 63_000_000;
/** Half of the scenes make the vectors, the other half is told apart. */
const HALF = SCENES / 2;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };
const NONSENSE = [
  'quokka',
  'zither',
  'glorp',
  'bureaucracy',
  'xylem',
  'tuesday',
  'of the',
  'blorple',
  'mortgage',
  'syntax',
] as const;

export async function readingFindings(runtime: Runtime): Promise<readonly Finding[]> {
  const survey = await surveyScenes(
    runtime,
    { model: CONTRASTIVE, seed: FIRST_SEED, scenes: SCENES, objects: 1 },
    quiet,
  );
  const findings: Finding[] = [];
  for (const { name, values, of } of PROPERTIES) {
    if (name === 'object' || name === 'colour' || name === 'place' || name === 'time') continue;
    const best = bestLayer(survey, values[0]!, of);
    findings.push({
      name: `${name}: ${values[0]} against ${values.slice(1).join(', ')}, within one class (best layer's AUC)`,
      value: best.auc,
      bar: { is: 'at least', value: 0.9 },
      note: `layer ${best.layer + 1}, ${best.scenes} scenes not used for the vectors`,
    });
  }
  findings.push(...(await nonsense(runtime, survey)));
  return findings;
}

type Survey = Awaited<ReturnType<typeof surveyScenes>>;

/** Vectors from the first half; AUC over pairs of the same kind in the second half, mean over kinds weighted by scenes. */
function bestLayer(survey: Survey, value: string, of: (scene: Scene) => string | null) {
  const labels = survey.scenes.map(of);
  const kinds = [...new Set(survey.scenes.map(({ things }) => things[0]!.kind))];
  const scores = survey.layers.map(({ states }) => {
    const trained = survey.scenes.map((_, i) => i < HALF && labels[i] === value);
    const [vector] = [row(contrastiveMeans(states, [trained]), 0)];
    const centre = meanRow(states);
    const figures = survey.scenes.map((_, i) =>
      cosine(
        row(states, i).map((entry, e) => entry - centre[e]!),
        vector,
      ),
    );
    let sum = 0;
    let count = 0;
    for (const kind of kinds) {
      const own = survey.scenes.flatMap((scene, i) =>
        i >= HALF && scene.things[0]!.kind === kind && labels[i] !== null ? [i] : [],
      );
      const { auc } = separation(
        own.map((i) => figures[i]!),
        own.map((i) => labels[i] === value),
      );
      if (Number.isNaN(auc)) continue;
      sum += auc * own.length;
      count += own.length;
    }
    return { auc: sum / count, scenes: count };
  });
  const layer = scores.reduce((best, { auc }, i) => (auc > scores[best]!.auc ? i : best), 0);
  return { ...scores[layer]!, layer };
}

/** A band of the central 95% lets one in twenty through, so about 95% is what an honest null gives. */
async function nonsense(runtime: Runtime, survey: Survey): Promise<readonly Finding[]> {
  const readers = await conceptReaders(
    { model: CONTRASTIVE, concepts: NONSENSE, vectors: 'text' },
    { runtime, ...quiet },
  );
  let inside = 0;
  let all = 0;
  readers.forEach((reader, layer) => {
    for (let i = 0; i < 100; i += 1) {
      const { similarity, band } = readLayer(reader, row(survey.layers[layer]!.states, i));
      for (const value of similarity) {
        all += 1;
        if (value >= band.low && value <= band.high) inside += 1;
      }
    }
  });
  return [
    {
      name: 'nonsense words inside the null band, all layers',
      value: inside / all,
      unit: 'share',
      bar: { is: 'at least', value: 0.95 },
      note: `${NONSENSE.length} words on 100 scenes`,
    },
  ];
}
