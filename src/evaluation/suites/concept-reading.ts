/** What is no concept stays inside of the null. */

import { conceptReaders } from '../../jobs/concept-readers.ts';
import { openContrastive } from '../../jobs/contrastive-model.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { surveyScenes } from '../../jobs/survey.ts';
import { readLayer } from '../../methods/concepts/reader.ts';
import { row } from '../../methods/concepts/texts.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const FIRST_SEED = 63_000_000;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

/** Words that the vocabulary lacks are one and the same token; the others are words of the world that mean nothing together. */
const NONSENSE = [
  'quokka',
  'glorp bureaucracy',
  'xylem tuesday mortgage',
  'of the',
  'is it this',
  'which one of that',
  'how do we come',
  'do not like to',
  'from what does it',
  'by or over and',
  'are there while',
  'number of how',
] as const;

/** A band that promises 95% gives 95%, give or take. */
export async function nonsenseFindings(runtime: Runtime, scenes: number): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  const survey = await surveyScenes(
    runtime,
    { model: CONTRASTIVE, seed: FIRST_SEED, scenes, objects: 1 },
    quiet,
  );
  const readers = await conceptReaders(
    { model: CONTRASTIVE, concepts: NONSENSE, vectors: 'text' },
    { runtime, ...quiet },
  );
  const inside = NONSENSE.map(() => 0);
  readers.forEach((reader, layer) => {
    for (let i = 0; i < scenes; i += 1) {
      const { similarity, band } = readLayer(reader, row(survey.layers[layer]!.states, i));
      similarity.forEach((value, word) => {
        if (value >= band.low && value <= band.high) inside[word] = inside[word]! + 1;
      });
    }
  });
  const all = scenes * readers.length;
  const worst = inside.indexOf(Math.min(...inside));
  const different = new Set(NONSENSE.map((words) => model.tokenizer.encode(words).join(' ')));
  return [
    {
      name: 'nonsense inside the null band, all layers',
      value: inside.reduce((sum, count) => sum + count, 0) / (all * NONSENSE.length),
      unit: 'share',
      bar: { is: 'at least', value: 0.95 },
      note: `${different.size} different texts on ${scenes} scenes; the least, "${NONSENSE[worst]}", ${((100 * inside[worst]!) / all).toFixed(0)}%`,
    },
  ];
}
