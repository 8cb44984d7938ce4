/** Pictures and texts into the joint space: what retrieval, the map and the data check work on. */

import { readLogits } from '../families/contrastive/config.ts';
import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { jointLogits } from '../families/joint.ts';
import { floats } from '../families/session.ts';
import { stack } from '../tensor/stack.ts';
import { normalise } from '../tensor/statistics.ts';
import { embedPrompts, openTexts } from './contrastive-model.ts';
import { sourcePixels } from './explain.ts';
import { optionalJson } from './optional-json.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { openVision, visionCard } from './vision-model.ts';

const BATCH = 8;
/** A batch of texts costs about as much as one of pictures. */
const TEXT_BATCH = 64;

export const embed: Job<'embed'> = async (params, { runtime, cancellation, report }) => {
  const { model: id } = params;
  const model = { ...(await openVision(runtime, id)), ...(await openTexts(runtime, id)) };
  const { graph } = await visionCard(runtime, id);
  const { logitScale } = readLogits(await optionalJson(runtime, id, 'config'), jointLogits(graph.model));
  const { images, texts } = params;
  const portions = Math.ceil(images.length / BATCH) + Math.ceil(texts.length / TEXT_BATCH);
  const watch = new Stopwatch(runtime, Math.max(1, portions));
  const rest = async (): Promise<void> => {
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  };
  // Pictures and texts are rows of one width, whichever comes first.
  let size = 0;
  const seen: Float32Array[] = [];
  for (let first = 0; first < images.length; first += BATCH) {
    const views = images
      .slice(first, first + BATCH)
      .map((source) => modelView(sourcePixels(source, model.config.imageSize), model.preprocessing));
    const outputs = await encodePictures(model.vision, model.preprocessing, views, ['image_embeds']);
    const { data } = floats(outputs, 'image_embeds');
    size = data.length / views.length;
    views.forEach((_, i) => {
      seen.push(normalise(data.subarray(i * size, (i + 1) * size)));
    });
    await rest();
  }
  const read: Float32Array[] = [];
  for (let first = 0; first < texts.length; first += TEXT_BATCH) {
    const { data, dims } = await embedPrompts(runtime, model, texts.slice(first, first + TEXT_BATCH));
    [, size] = dims;
    for (let i = 0; i < dims[0]; i++) read.push(data.slice(i * size, (i + 1) * size));
    await rest();
  }
  return {
    images: stack(['image', 'embedding'], seen, size),
    texts: stack(['text', 'embedding'], read, size),
    logitScale,
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};
