import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { meanRow, row, type Texts } from './texts.ts';

type States = Tensor<readonly ['image', 'width']>;

/**
 * Contrastive means: for each concept the mean state over the probes that show it minus the mean over all probes. `shown[c][i]` is
 * the truth of probe i for concept c; null, or a concept that no probe shows, gives a row of zeros: it is similar to nothing.
 */
export function contrastiveMeans(states: States, shown: readonly (readonly boolean[] | null)[]): Texts {
  const [images, width] = states.dims;
  const all = meanRow(states);
  const out = new Float32Array(shown.length * width);
  shown.forEach((labels, concept) => {
    if (!labels) return;
    if (labels.length !== images) throw new RangeError(`${labels.length} labels for ${images} probes`);
    const sum = new Float64Array(width);
    let count = 0;
    labels.forEach((label, image) => {
      if (!label) return;
      count += 1;
      const state = row(states, image);
      for (let i = 0; i < width; i += 1) sum[i] = sum[i]! + state[i]!;
    });
    if (count === 0) return;
    for (let i = 0; i < width; i += 1) out[concept * width + i] = sum[i]! / count - all[i]!;
  });
  return tensor(['text', 'embedding'], [shown.length, width], out);
}
