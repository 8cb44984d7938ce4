/** Which layers, heads and MLPs add what to the match of a picture with a text. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { pooledOutputs } from '../families/contrastive/pooled-writes.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { imageWrites, writeOutputs } from '../families/contrastive/writes.ts';
import { nullBand } from '../methods/concepts/band.ts';
import { componentsOf, contributionReader } from '../methods/concepts/components.ts';
import { row } from '../methods/concepts/texts.ts';
import type { MatchParams, MatchPart } from '../protocol/concepts.ts';
import { dot, norm } from '../tensor/statistics.ts';
import { embedPrompts, openContrastive } from './contrastive-model.ts';
import { sourcePixels } from './explain.ts';
import { nullTexts, randomWords } from './null-texts.ts';
import { isPooled, openPooled } from './pooled-model.ts';
import { componentRows, pooledComponents } from './pooled-survey.ts';
import type { Job, Runtime } from './runtime.ts';

export const match: Job<'match'> = async (params, { runtime, cancellation }) => {
  const started = runtime.now();
  const texts = await nullTexts(runtime, params.model);
  cancellation.check();
  const pooled = await isPooled(runtime, params.model);
  const { model, components, rows } = await (pooled ? readPooled : readCls)(runtime, params);
  const embedding = sumOf(rows);
  const scale = model.config.logitScale / norm(embedding);
  const prompt = await embedPrompts(runtime, model, [params.text]);
  const text = row(prompt, 0).map((value, i) => value - texts.mean[i]!);
  const words = randomWords(texts, [params.text]);
  const parts = components.map((component, index): MatchPart => {
    const own = rows[index]!;
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
    pooled,
    parts,
    total: scale * dot(embedding, text),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** The components of one picture's embedding, a row each. */
async function readCls(runtime: Runtime, { model: id, image }: MatchParams) {
  const model = await openContrastive(runtime, id);
  const { tower, preprocessing } = model;
  const view = modelView(sourcePixels(image, model.config.imageSize), preprocessing);
  const outputs = await encodePictures(model.vision, preprocessing, [view], writeOutputs(tower).fetch);
  const [writes] = imageWrites(tower, outputs);
  const weights = { head: tower.head, outputs: tower.blocks };
  const contributions = contributionReader(weights)(writes!);
  const components = componentsOf(weights);
  return { model, components, rows: components.map((_, index) => row(contributions, index)) };
}

async function readPooled(runtime: Runtime, { model: id, image }: MatchParams) {
  const model = await openPooled(runtime, id);
  const { tower, preprocessing } = model;
  const view = modelView(sourcePixels(image, model.config.imageSize), preprocessing);
  const rows = componentRows(
    tower,
    await encodePictures(model.vision, preprocessing, [view], pooledOutputs(tower)),
  );
  return { model, components: pooledComponents(tower, rows.length - 1), rows };
}

function sumOf(rows: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(rows[0]?.length ?? 0);
  for (const own of rows) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + own[i]!;
  return sum;
}
