import type { Tensor } from '../../tensor/tensor.ts';
import type { Texts } from './texts.ts';

/**
 * Share of images whose best text is the true one. `truth[i]` is a row of `texts`, -1 leaves the image out. Images need not be
 * normalised: one image's length does not change its best text. Texts must be equally scaled. NaN for no image.
 */
export function zeroShotAccuracy(
  images: Tensor<readonly ['image', 'embedding'], Float32Array | Float64Array>,
  texts: Texts,
  truth: readonly number[],
): number {
  const [count, size] = images.dims;
  if (truth.length !== count) throw new RangeError(`${truth.length} labels for ${count} images`);
  let asked = 0;
  let right = 0;
  for (let i = 0; i < count; i += 1) {
    if (truth[i]! < 0) continue;
    asked += 1;
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < texts.dims[0]; t += 1) {
      let sum = 0;
      for (let e = 0; e < size; e += 1) sum += images.data[i * size + e]! * texts.data[t * size + e]!;
      if (sum > most) {
        most = sum;
        best = t;
      }
    }
    if (best === truth[i]) right += 1;
  }
  return right / asked;
}
