/** Scenes and pictures through the contrastive model, for the suites. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { worldDistance, worldFeatures } from '../families/contrastive/world-statistics.ts';
import { floats } from '../families/session.ts';
import type { ContrastiveModel } from '../jobs/contrastive-model.ts';
import type { Pixels } from '../protocol/image.ts';

export const CONTRASTIVE = 'scene-clip-vit';
const BATCH = 8;

export interface Seen {
  /** In the joint space, not normalised. */
  readonly embedding: Float32Array;
  /** Distance from the world; NaN for a model without statistics. */
  readonly distance: number;
}

export function viewOf(model: ContrastiveModel, image: Pixels): Rgb8 {
  return modelView(image, model.preprocessing);
}

/** Embeds pictures of the model's own size. */
export async function seePictures(
  model: ContrastiveModel,
  pictures: readonly Rgb8[],
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (let first = 0; first < pictures.length; first += BATCH) {
    const batch = pictures.slice(first, first + BATCH);
    const results = await encodePictures(model.vision, model.preprocessing, batch, [
      'image_embeds',
      'last_hidden_state',
    ]);
    const embeddings = floats(results, 'image_embeds').data;
    const hidden = floats(results, 'last_hidden_state');
    const size = embeddings.length / batch.length;
    const states = hidden.data.length / batch.length;
    batch.forEach((_, i) => {
      const features = worldFeatures(hidden.data.subarray(i * states, (i + 1) * states), hidden.dims[2]!);
      seen.push({
        embedding: embeddings.slice(i * size, (i + 1) * size),
        distance: model.statistics ? worldDistance(features, model.statistics) : Number.NaN,
      });
    });
  }
  return seen;
}

/** The index of the text that fits best. */
export function bestText(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}
