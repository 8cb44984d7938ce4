import type { LayerConcepts } from '../../protocol/jobs.ts';
import { cosine } from '../../tensor/statistics.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { nullBand } from './band.ts';
import { type EmbeddingHead, embed } from './head.ts';
import { meanRow, row, type Texts } from './texts.ts';

/** What the lens reads a layer with. All texts are L2-normalised, then centred by the same mean text. */
export interface LensTexts {
  readonly concepts: Texts;
  readonly randomWords: Texts;
}

/**
 * The probe mean of one layer: mean over probe images of the lens embeddings of their CLS states [image, width].
 * What every image shares would otherwise dominate each cosine.
 */
export function probeMean(states: Tensor<readonly ['image', 'width']>, head: EmbeddingHead): Float32Array {
  const [images] = states.dims;
  const size = head.projection.dims[1];
  const embeddings = new Float32Array(images * size);
  for (let i = 0; i < images; i += 1) embeddings.set(embed(row(states, i), head), i * size);
  return meanRow(tensor(['image', 'embedding'], [images, size], embeddings));
}

/**
 * Recipe `text-lens`: the CLS state of an intermediate layer through the tower's *final* LayerNorm and projection,
 * minus that layer's probe mean, cosine with (text - mean text) of each concept. A lens and not the model's own output:
 * later layers would still change the state. `band` is the central 95% of the same cosine over random words.
 *
 * `state` [width]; `mean` [embedding] from {@link probeMean} of the same layer. Cosines from -1 to 1.
 */
export function textLens(
  layer: { readonly site: string; readonly block: number },
  state: Float32Array,
  head: EmbeddingHead,
  mean: Float32Array,
  texts: LensTexts,
): LayerConcepts {
  const embedding = embed(state, head);
  if (mean.length !== embedding.length) {
    throw new RangeError(
      `${layer.site}: probe mean has ${mean.length} values, embedding ${embedding.length}`,
    );
  }
  const centred = embedding.map((value, i) => value - mean[i]!);
  return {
    site: layer.site,
    block: layer.block,
    similarity: cosines(centred, texts.concepts),
    band: nullBand(cosines(centred, texts.randomWords)),
  };
}

function cosines(vector: Float32Array, texts: Texts): number[] {
  return Array.from({ length: texts.dims[0] }, (_, index) => cosine(vector, row(texts, index)));
}
