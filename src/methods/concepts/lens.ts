import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type EmbeddingHead, embed } from './head.ts';
import { meanRow, row } from './texts.ts';

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
