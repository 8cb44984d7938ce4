/** Concepts as means of scenes for a tower that pools by attention: the states of every layer as embeddings, see `seePooled`. */

import { contrastiveMeans } from '../methods/concepts/means.ts';
import { type LayerReader, unchanged, vectorsOf } from '../methods/concepts/reader.ts';
import { meanRow } from '../methods/concepts/texts.ts';
import { stack } from '../tensor/stack.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { drawScene } from '../world/draw.ts';
import { type Scene, sampleScene } from '../world/scene.ts';
import {
  type Context,
  type Labels,
  labelsOf,
  MEANS_SCENES,
  MEANS_SEED,
  shuffledLabels,
} from './concept-readers.ts';
import { type PooledModel, seePooled } from './pooled-model.ts';
import { Stopwatch } from './progress.ts';

interface Survey {
  readonly scenes: readonly Scene[];
  /** By block. */
  readonly layers: readonly Tensor<readonly ['image', 'width']>[];
}

const kept = new WeakMap<object, Map<string, Survey>>();

/** One reader a layer, in order, as `conceptReaders` gives them for towers with a class token. */
export async function pooledMeansReaders(
  model: PooledModel,
  id: string,
  concepts: readonly string[],
  context: Context,
): Promise<readonly LayerReader[]> {
  const { scenes, layers } = await survey(model, id, context);
  const shown: Labels = labelsOf({ scenes }, concepts);
  const shuffled = shuffledLabels(shown, scenes.length);
  return model.tower.blocks.map(({ site, block }, layer) => ({
    site,
    block,
    measure: 'cosine',
    carry: unchanged,
    centre: meanRow(layers[layer]!),
    concepts: vectorsOf(contrastiveMeans(layers[layer]!, shown)),
    nulls: vectorsOf(contrastiveMeans(layers[layer]!, shuffled)),
  }));
}

/** The scenes that means are made of, once a model and host. */
async function survey(
  model: PooledModel,
  id: string,
  { runtime, cancellation, report }: Context,
): Promise<Survey> {
  const own = kept.get(runtime.host) ?? new Map<string, Survey>();
  kept.set(runtime.host, own);
  const found = own.get(id);
  if (found) return found;
  const scenes = Array.from({ length: MEANS_SCENES }, (_, i) => sampleScene(MEANS_SEED + i));
  const rows: Float32Array[][] = model.tower.blocks.map(() => []);
  const watch = new Stopwatch(runtime, scenes.length);
  for (const scene of scenes) {
    const { size, rgb } = drawScene(scene, model.config.imageSize);
    const seen = await seePooled(model, { width: size, height: size, data: rgb });
    seen.layers.forEach((embedding, layer) => {
      rows[layer]!.push(embedding);
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const layers = rows.map((embeddings) => stack(['image', 'width'], embeddings));
  const made = { scenes, layers };
  own.set(id, made);
  return made;
}
