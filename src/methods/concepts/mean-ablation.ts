import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { meanRow } from './texts.ts';

type Rows = Tensor<readonly ['image', 'embedding']>;

/** What a component is replaced by; `mean` is its mean over the images. */
export type Replacement = 'keep' | 'mean' | Rows;

/**
 * Image embeddings (not normalised) with some components' *direct* contributions replaced: the sum over components of what is
 * kept, its mean, or other rows. What a component does by way of later ones stays. Throws RangeError for other counts.
 */
export function replaceComponents(
  contributions: readonly Rows[],
  replacements: readonly Replacement[],
): Tensor<readonly ['image', 'embedding'], Float64Array> {
  const first = contributions[0];
  if (!first || replacements.length !== contributions.length) {
    throw new RangeError(`${replacements.length} replacements for ${contributions.length} components`);
  }
  const [images, size] = first.dims;
  const out = new Float64Array(images * size);
  contributions.forEach((own, component) => {
    const replacement = replacements[component]!;
    if (replacement === 'mean') {
      const mean = meanRow(own);
      for (let at = 0; at < out.length; at += 1) out[at] = out[at]! + mean[at % size]!;
      return;
    }
    const { data } = replacement === 'keep' ? own : replacement;
    for (let at = 0; at < out.length; at += 1) out[at] = out[at]! + data[at]!;
  });
  return tensor(['image', 'embedding'], [images, size], out);
}
