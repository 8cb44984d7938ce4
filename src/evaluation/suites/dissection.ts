/** Do units detect things: against the same model with shuffled weights; do their sentences hold, are they causes. */

import type { Dissection } from '../../protocol/dissection.ts';
import { causes } from '../dissecting/causes.ts';
import { detectorCard } from '../dissecting/detector-card.ts';
import { detectors, type Layer, openLaboratory } from '../dissecting/laboratory.ts';
import { sentences } from '../dissecting/sentences.ts';
import type { Finding, Measure } from '../table.ts';
import { CONTRASTIVE } from '../vision.ts';

/** The layer that issue 7's bars are about, and the other family beside it. */
const RESNET = { model: 'scene-clip-rn', site: 'vision.layer4.1.relu' };
const TRANSFORMER = { model: CONTRASTIVE, site: 'vision.blocks.4.mlp.post' };
const LAYERS: readonly Layer[] = [
  RESNET,
  { model: CONTRASTIVE, site: 'vision.blocks.1.mlp.post' },
  TRANSFORMER,
];
const SCENES = 400;

/** `--scenes N`: what is dissected; `--only` one of the models. */
export const dissection: Measure = async (say, { scenes = SCENES, only }) => {
  const asked = ({ model }: Layer) => only?.includes(model) ?? true;
  const laboratory = openLaboratory(scenes);
  const findings: Finding[] = [];
  for (const layer of LAYERS.filter(asked)) {
    const real = await laboratory.dissect(layer);
    const control = await laboratory.dissectShuffled(layer);
    findings.push(...counts(layer, real, control));
    // For the model's card.
    if (layer === RESNET) say(detectorCard(real, control));
    say(`dissection: ${layer.model} ${layer.site} counted`);
  }
  for (const layer of [RESNET, TRANSFORMER].filter(asked)) {
    findings.push(await sentences(laboratory, layer), await causes(laboratory, layer, layer === RESNET));
    say(`dissection: ${layer.model} sentences and causes judged`);
  }
  await laboratory.close();
  return findings;
};

function counts({ model, site }: Layer, real: Dissection, control: Dissection): readonly Finding[] {
  const share = (result: Dissection) => detectors(result).length / result.rows.length;
  return [
    { name: `detectors among the units of ${model} ${site}`, value: share(real), unit: 'share' },
    { name: '  control: shuffled weights', value: share(control), unit: 'share' },
    { name: '  different concepts among them', value: concepts(real), unit: 'count' },
    { name: '  control: shuffled weights', value: concepts(control), unit: 'count' },
    { name: '  best IoU', value: Math.max(...real.rows.map(({ iou }) => iou)) },
    { name: '  control: shuffled weights', value: Math.max(...control.rows.map(({ iou }) => iou)) },
  ];
}

function concepts(result: Dissection): number {
  return new Set(detectors(result).map(({ category, concept }) => `${category}/${concept}`)).size;
}
