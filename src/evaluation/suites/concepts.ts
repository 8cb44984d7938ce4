/** Does the contrastive model know what is in a scene, and do its explanations point there. */

import { encodePictures } from '../../families/contrastive/encode.ts';
import { clsTower, visionOutputs, visionStates } from '../../families/contrastive/states.ts';
import { createNodeRuntime } from '../../headless/runtime.ts';
import { type ContrastiveModel, embedConcepts, openContrastive } from '../../jobs/contrastive-model.ts';
import { explain } from '../../jobs/explain.ts';
import { centredConcepts, nullTexts } from '../../jobs/null-texts.ts';
import type { Runtime } from '../../jobs/runtime.ts';
import { scenePixels } from '../../jobs/scenes.ts';
import {
  hotterInside,
  iouAtArea,
  pointing,
  type Score,
  spatialPrior,
} from '../../methods/attention/score.ts';
import { patchRelevance } from '../../methods/concepts/relevance.ts';
import { row } from '../../methods/concepts/texts.ts';
import { type Mask, mask } from '../../tensor/mask.ts';
import { resize } from '../../tensor/resize.ts';
import { cosine, mean } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
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

const FIRST_SEED = 60_000_000;
const SCENES = 400;
const POINTED = 150;
const LENSED = 40;

interface Shown {
  readonly scene: Scene;
  readonly drawing: Drawing;
}

export const concepts: Measure = async (say, options) => {
  const runtime = createNodeRuntime();
  const model = await openContrastive(runtime, CONTRASTIVE);
  const shown = Array.from({ length: SCENES }, (_, i): Shown => {
    const scene = sampleScene(FIRST_SEED + i, { objects: 1 });
    return { scene, drawing: drawScene(scene, model.config.imageSize) };
  });
  const zeroShot = await zeroShotFindings(runtime, model, shown);
  say('concepts: zero-shot done');
  const relevance = await relevanceFindings(runtime, model, shown.slice(0, POINTED));
  say('concepts: relevance done');
  const lens = await lensFindings(runtime, shown.slice(0, LENSED));
  const heads = await headFindings(runtime);
  say('concepts: heads done');
  const scenes = options.questions ?? 500;
  const reading = [
    ...(await placeFindings(runtime, scenes)),
    ...(await physicalFindings(runtime, scenes, say)),
    ...(await nonsenseFindings(runtime)),
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

async function relevanceFindings(
  runtime: Runtime,
  model: ContrastiveModel,
  shown: readonly Shown[],
): Promise<readonly Finding[]> {
  const texts = await nullTexts(runtime, CONTRASTIVE);
  const words = await centredConcepts(runtime, model, OBJECTS, texts);
  const heats: Grid[] = [];
  const masks: Mask[] = [];
  for (const { scene, drawing } of shown) {
    const { size } = drawing;
    const picture = { width: size, height: size, data: drawing.rgb };
    const outputs = await encodePictures(
      model.vision,
      model.preprocessing,
      [picture],
      visionOutputs(model.tower),
    );
    const tower = clsTower(model.tower, visionStates(model.tower, outputs), model.config.grid, 1);
    const text = row(words, OBJECTS.indexOf(scene.things[0]!.kind));
    heats.push(resize(patchRelevance(tower, text), size, size, 'bilinear'));
    masks.push(
      mask(
        size,
        size,
        drawing.instances.map((id) => (id === 0 ? 0 : 1)),
      ),
    );
  }
  const both = (name: string, score: Score, unit: 'share' | 'ratio', bar?: number): Finding[] => [
    {
      name,
      value: mean(heats.map((heat, i) => score(heat, masks[i]!))),
      unit,
      ...(bar !== undefined && { bar: { is: 'at least', value: bar } }),
    },
    { name: "  control: other scenes' masks", value: spatialPrior(heats, masks, score, 10), unit },
  ];
  return [
    ...both('patch relevance: pointing game, object word', pointing, 'share', 0.85),
    ...both('patch relevance: hotter inside', hotterInside, 'share'),
    ...both("patch relevance: IoU at the mask's area", iouAtArea, 'ratio'),
  ];
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
