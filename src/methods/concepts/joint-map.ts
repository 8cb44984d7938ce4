import { coordinates, principalBasis } from '../../tensor/principal.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { meanRow } from './texts.ts';

type Images = Tensor<readonly ['image', 'embedding']>;
type Texts = Tensor<readonly ['text', 'embedding']>;

export interface MapOfBoth {
  /** Pictures first, then captions. */
  readonly points: Tensor<readonly ['point', 'axis']>;
  /** Share of the variance that the two axes hold, 0 to 1. */
  readonly share: number;
}

/** Euclidean distance of the two modalities' means: the modality gap (Liang et al. 2022). */
export function modalityGap(images: Images, texts: Texts): number {
  const image = meanRow(images);
  const text = meanRow(texts);
  return Math.hypot(...image.map((value, e) => value - text[e]!));
}

/** Each modality without its own mean: what closes the gap. New tensors, not normalised again. */
export function withoutMeans(
  images: Images,
  texts: Texts,
): { readonly images: Images; readonly texts: Texts } {
  return {
    images: tensor(['image', 'embedding'], images.dims, centred(images)),
    texts: tensor(['text', 'embedding'], texts.dims, centred(texts)),
  };
}

/** Both modalities in the plane of the first two principal components of all points together. */
export function jointMap(images: Images, texts: Texts): MapOfBoth {
  const [count, size] = images.dims;
  const all = new Float32Array((count + texts.dims[0]) * size);
  all.set(images.data);
  all.set(texts.data, images.data.length);
  const points = tensor(['point', 'embedding'], [count + texts.dims[0], size], all);
  const table = tensor(['point', 'embedding'], points.dims, centred(points));
  const basis = principalBasis(table, 2);
  const whole = table.data.reduce((sum, value) => sum + value * value, 0);
  const { data, dims } = coordinates(table, basis.directions);
  const plane = new Float32Array(points.dims[0] * 2);
  for (let point = 0; point < dims[0]; point += 1) {
    for (let axis = 0; axis < dims[1]; axis += 1) plane[point * 2 + axis] = data[point * dims[1] + axis]!;
  }
  return {
    points: tensor(['point', 'axis'], [points.dims[0], 2], plane),
    share: whole > 0 ? basis.energy.reduce((sum, value) => sum + value, 0) / whole : 0,
  };
}

function centred(table: Tensor<readonly [string, string]>): Float32Array {
  const mean = meanRow(table);
  const size = table.dims[1];
  return table.data.map((value, at) => value - mean[at % size]!);
}
