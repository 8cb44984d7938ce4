/** Does the patch relevance of a thing's word point at the thing. */

import { encodePictures } from '../../families/contrastive/encode.ts';
import { clsTower, visionOutputs, visionStates } from '../../families/contrastive/states.ts';
import type { ContrastiveModel } from '../../jobs/contrastive-model.ts';
import { centredConcepts, nullTexts } from '../../jobs/null-texts.ts';
import type { Runtime } from '../../jobs/runtime.ts';
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
import { mean } from '../../tensor/statistics.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { OBJECTS } from '../../world/catalogue.ts';
import { drawScene } from '../../world/draw.ts';
import { sampleScene } from '../../world/scene.ts';
import type { Finding } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

const FIRST_SEED = 60_000_000;

/** Scenes of one thing, each with the word of its kind. */
export async function relevanceFindings(
  runtime: Runtime,
  model: ContrastiveModel,
  scenes: number,
): Promise<readonly Finding[]> {
  const texts = await nullTexts(runtime, CONTRASTIVE);
  const words = await centredConcepts(runtime, model, OBJECTS, texts);
  const heats: Grid[] = [];
  const masks: Mask[] = [];
  for (let i = 0; i < scenes; i += 1) {
    const scene = sampleScene(FIRST_SEED + i, { objects: 1 });
    const drawing = drawScene(scene, model.config.imageSize);
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
