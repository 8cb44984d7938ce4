/** Does the contrastive model know what is in a scene, and do its explanations point there. */

import { createNodeRuntime } from '../../headless/runtime.ts';
import { type ContrastiveModel, embedConcepts, openContrastive } from '../../jobs/contrastive-model.ts';
import { explain } from '../../jobs/explain.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { scenePixels } from '../../jobs/scenes.ts';
import { row } from '../../methods/concepts/texts.ts';
import { cosine } from '../../tensor/statistics.ts';
import { COLOUR_NAMES, OBJECTS, PLACES, TIMES } from '../../world/catalogue.ts';
import { type Drawing, drawScene } from '../../world/draw.ts';
import { type Scene, sampleScene } from '../../world/scene.ts';
import type { Finding, Measure } from '../table.ts';
import { bestText, CONTRASTIVE, seePictures } from '../vision.ts';
import { answerFindings } from './concept-answer.ts';
import { dataFindings } from './concept-data.ts';
import { headFindings } from './concept-heads.ts';
import { physicalFindings } from './concept-physical.ts';
import { placeFindings } from './concept-place.ts';
import { nonsenseFindings } from './concept-reading.ts';
import { relevanceFindings } from './concept-relevance.ts';

const FIRST_SEED = 60_000_000;
const LENSED = 40;

interface Shown {
  readonly scene: Scene;
  readonly drawing: Drawing;
}

export const concepts: Measure = async (say, options) => {
  const runtime = createNodeRuntime();
  const model = await openContrastive(runtime, CONTRASTIVE);
  const scenes = options.questions ?? 500;
  const shown = Array.from({ length: scenes }, (_, i): Shown => {
    const scene = sampleScene(FIRST_SEED + i, { objects: 1 });
    return { scene, drawing: drawScene(scene, model.config.imageSize) };
  });
  const zeroShot = await zeroShotFindings(runtime, model, shown);
  say('concepts: zero-shot done');
  const relevance = await relevanceFindings(runtime, model, scenes);
  say('concepts: relevance done');
  const lens = await lensFindings(runtime, shown.slice(0, LENSED));
  const heads = await headFindings(runtime);
  say('concepts: heads done');
  const reading = [
    ...(await placeFindings(runtime, scenes)),
    ...(await physicalFindings(runtime, scenes, say)),
    ...(await nonsenseFindings(runtime, scenes)),
  ];
  say('concepts: reading done');
  const answers = await answerFindings(runtime, say, options);
  const data = await dataFindings(runtime);
  await runtime.close();
  return [...zeroShot, ...relevance, ...lens, ...heads, ...reading, ...answers, ...data];
};

async function zeroShotFindings(
  runtime: Runtime,
  model: ContrastiveModel,
  shown: readonly Shown[],
): Promise<readonly Finding[]> {
  const seen = await seePictures(
    model,
    shown.map(({ drawing }) => ({ width: drawing.size, height: drawing.size, data: drawing.rgb })),
  );
  const questions: readonly [string, readonly string[], (scene: Scene) => string][] = [
    ['object', OBJECTS, ({ things }) => things[0]!.kind],
    ['colour', COLOUR_NAMES, ({ things }) => things[0]!.color],
    ['place', PLACES, ({ place }) => place],
    ['time', TIMES, ({ time }) => time],
  ];
  const findings: Finding[] = [];
  for (const [name, labels, truth] of questions) {
    const texts = await embedConcepts(runtime, model, labels);
    const right = seen.filter(({ embedding }, i) => {
      const best = bestText(labels.map((_, text) => cosine(embedding, row(texts, text))));
      return labels[best] === truth(shown[i]!.scene);
    });
    findings.push({
      name: `zero-shot ${name}, held-out single-object scenes`,
      value: right.length / seen.length,
      unit: 'share',
      note: `${labels.length} labels, chance ${(100 / labels.length).toFixed(0)}%`,
    });
  }
  return findings;
}

/** In the last layer: is the shown object's bar above the null band, and do the absent ones stay within. */
async function lensFindings(runtime: Runtime, shown: readonly Shown[]): Promise<readonly Finding[]> {
  let above = 0;
  let falseAlarms = 0;
  for (const { scene, drawing } of shown) {
    const explanation = await explain(
      {
        model: CONTRASTIVE,
        image: { kind: 'pixels', pixels: scenePixels(drawing) },
        prompt: 'a picture',
        concepts: OBJECTS,
        vectors: 'text',
        without: [],
      },
      { runtime, cancellation: { cancelled: false, check: () => undefined }, report: () => undefined },
    );
    const { similarity, band } = explanation.layers.at(-1)!;
    OBJECTS.forEach((kind, i) => {
      if (similarity[i]! <= band.high) return;
      if (kind === scene.things[0]!.kind) above++;
      else falseAlarms++;
    });
  }
  return [
    { name: 'last layer: the shown object above the null band', value: above / shown.length, unit: 'share' },
    {
      name: '  absent objects above it',
      value: falseAlarms / (shown.length * (OBJECTS.length - 1)),
      unit: 'share',
      note: 'a band of random words lets 2.5% through on each side',
    },
  ];
}
