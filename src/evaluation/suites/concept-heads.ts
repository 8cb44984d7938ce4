/** TextSpan on the shipped model: do eight words a head keep what the model can tell. */

import { propertyTexts } from '../../jobs/ablate-heads.ts';
import { embedConcepts, openContrastive } from '../../jobs/contrastive-model.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { PROPERTIES } from '../../jobs/scene-truth.ts';
import { surveyScenes } from '../../jobs/survey.ts';
import { textPool } from '../../jobs/text-pool.ts';
import { type Replacement, replaceComponents } from '../../methods/concepts/mean-ablation.ts';
import { replaceBySpan, spanOf, textSpan } from '../../methods/concepts/textspan.ts';
import { zeroShotAccuracy } from '../../methods/concepts/zeroshot-accuracy.ts';
import { mean } from '../../tensor/statistics.ts';
import { COLOUR_NAMES, OBJECTS } from '../../world/catalogue.ts';
import { describe } from '../../world/grammar.ts';
import { Random } from '../../world/random.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const SCENES = 500;
const FIRST_SEED = 62_000_000;
const WORDS = 8;
const LAST_LAYERS = 4;
const DRAWS = 10;
const quiet = { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined };

/**
 * What is asked zero-shot: the thing and its colour at once, among all coloured things, and each apart. Every one has to keep its accuracy and to
 * stand above every draw of random words.
 */
const ASKED = ['coloured object', 'object', 'colour'] as const;

export async function headFindings(runtime: Runtime): Promise<readonly Finding[]> {
  const model = await openContrastive(runtime, CONTRASTIVE);
  const survey = await surveyScenes(
    runtime,
    { model: CONTRASTIVE, seed: FIRST_SEED, scenes: SCENES, objects: 1 },
    quiet,
  );
  const pool = await textPool(runtime, CONTRASTIVE);
  const texts = await propertyTexts(runtime, CONTRASTIVE);
  const first = model.tower.blocks.length - LAST_LAYERS;
  const width = (layer: number): number => model.tower.blocks[layer]!.projection.dims[1];
  const accuracy = (span: (index: number, layer: number) => Replacement): readonly number[] => {
    const plan = survey.components.map((component, index): Replacement => {
      if (component.kind !== 'head') return 'keep';
      return component.layer < first ? 'mean' : span(index, component.layer);
    });
    return accuraciesOf(replaceComponents(survey.contributions, plan));
  };
  const painted = OBJECTS.flatMap((kind) => COLOUR_NAMES.map((color) => describe(kind, color)));
  const paintedTexts = await embedConcepts(runtime, model, painted);
  const accuraciesOf = (images: ReturnType<typeof replaceComponents>): readonly number[] =>
    ASKED.map((asked) => {
      if (asked === 'coloured object') {
        const labels = survey.scenes.map(({ things: [thing] }) =>
          painted.indexOf(describe(thing!.kind, thing!.color)),
        );
        return zeroShotAccuracy(images, paintedTexts, labels);
      }
      const property = PROPERTIES.findIndex(({ name }) => name === asked);
      const { values, of } = PROPERTIES[property]!;
      return zeroShotAccuracy(
        images,
        texts[property]!,
        survey.scenes.map((scene) => values.indexOf(of(scene) ?? '')),
      );
    });
  const original = accuraciesOf(
    replaceComponents(
      survey.contributions,
      survey.components.map(() => 'keep'),
    ),
  );
  const explained: number[] = [];
  const spans = accuracy((index, layer) => {
    const rows = survey.contributions[index]!;
    const span = textSpan(rows, pool.embeddings, { words: WORDS, headWidth: width(layer) });
    explained.push(span.words.at(-1)?.explained ?? 0);
    return replaceBySpan(rows, span);
  });
  const random = new Random(FIRST_SEED, 1);
  const draws = Array.from({ length: DRAWS }, () =>
    accuracy((index, layer) => {
      const rows = survey.contributions[index]!;
      const chosen = Array.from({ length: WORDS }, () => random.integer(pool.phrases.length));
      return replaceBySpan(rows, spanOf(rows, pool.embeddings, chosen, width(layer)));
    }),
  );
  const meansOnly = accuracy(() => 'mean');
  return [
    {
      name: 'TextSpan: mean explained variance, heads of the last four layers',
      value: mean(explained),
      unit: 'share',
      note: `${WORDS} of ${pool.phrases.length} phrases`,
    },
    ...ASKED.flatMap((asked, i): Finding[] => [
      {
        name: `zero-shot ${asked} after spans, of the original`,
        value: spans[i]! / original[i]!,
        unit: 'share',
        bar: { is: 'at least', value: 0.85 },
        note: `${percent(spans[i]!)} of ${percent(original[i]!)}; heads at their means ${percent(meansOnly[i]!)}`,
      },
      {
        name: `  minus the best of ${DRAWS} draws of random words, ${asked}`,
        value: spans[i]! - Math.max(...draws.map((draw) => draw[i]!)),
        unit: 'ratio',
        bar: { is: 'at least', value: 0.001 },
        note: `draws ${percent(Math.min(...draws.map((draw) => draw[i]!)))} to ${percent(Math.max(...draws.map((draw) => draw[i]!)))}`,
      },
    ]),
  ];
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
