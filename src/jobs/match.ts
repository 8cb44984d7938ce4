/** Which layers, heads and MLPs add what to the match of a picture with a text. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { imageWrites, writeOutputs } from '../families/contrastive/writes.ts';
import { nullBand } from '../methods/concepts/band.ts';
import { componentsOf, contributionReader } from '../methods/concepts/components.ts';
import { meanRow, row } from '../methods/concepts/texts.ts';
import type { MatchPart } from '../protocol/concepts.ts';
import { dot, norm } from '../tensor/statistics.ts';
import { embedPrompts, openContrastive } from './contrastive-model.ts';
import { sourcePixels } from './explain.ts';
import { nullTexts, randomWords } from './null-texts.ts';
import type { Job } from './runtime.ts';

export const match: Job<'match'> = async (params, { runtime, cancellation }) => {
  const started = runtime.now();
  const model = await openContrastive(runtime, params.model);
  const texts = await nullTexts(runtime, params.model);
  cancellation.check();
  const view = modelView(sourcePixels(params.image, model.config.imageSize), model.preprocessing);
  const { fetch } = writeOutputs(model.tower);
  const outputs = await encodePictures(model.vision, model.preprocessing, [view], fetch);
  const [writes] = imageWrites(model.tower, outputs);
  const weights = { head: model.tower.head, outputs: model.tower.blocks };
  const contributions = contributionReader(weights)(writes!);
  const [count] = contributions.dims;
  const embedding = meanRow(contributions).map((value) => value * count);
  const scale = model.config.logitScale / norm(embedding);
  const prompt = await embedPrompts(runtime, model, [params.text]);
  const text = row(prompt, 0).map((value, i) => value - texts.mean[i]!);
  const words = randomWords(texts, [params.text]);
  const parts = componentsOf(weights).map((component, index): MatchPart => {
    const own = row(contributions, index);
    const random = Array.from({ length: words.dims[0] }, (_, word) => scale * dot(own, row(words, word)));
    return {
      kind: component.kind,
      layer: component.kind === 'input' ? -1 : component.layer,
      head: component.kind === 'head' ? component.head : -1,
      logits: scale * dot(own, text),
      band: nullBand(random),
    };
  });
  return {
    recipe: 'component-contributions',
    parts,
    total: scale * dot(embedding, text),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};
