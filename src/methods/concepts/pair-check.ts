import { quantiles } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';

type Images = Tensor<readonly ['image', 'embedding']>;
type Texts = Tensor<readonly ['text', 'embedding']>;

export interface PairFinding {
  readonly cosine: number;
  readonly alignment: number;
  readonly captionRank: number;
  readonly pictureRank: number;
  readonly better: number;
  readonly twin: number;
  readonly twinCosine: number;
}

/** Nearest neighbours that a pair is held against. */
export const NEIGHBOURS = 10;

/**
 * Recipe `pair-check`: does a caption belong to its picture. Alignment of pair i is 2 cos(picture, caption) minus the mean cosine of
 * the picture with its 10 nearest captions, minus that of the caption with its 10 nearest pictures (after Lample et al. 2018, CSLS): a
 * caption that fits every picture a little, or a picture that every caption fits, proves nothing. Rows of length 1, row i of both is pair i.
 *
 * Also, for each pair, the ranks of the two for each other, the caption that fits best, and the nearest other picture. `chance` holds
 * the alignment of each picture with the next caption but some: pairs that nobody made. `pause` is awaited between rows.
 */
export async function checkPairs(
  images: Images,
  texts: Texts,
  pause: () => Promise<void>,
): Promise<{ readonly pairs: readonly PairFinding[]; readonly chance: readonly [number, number] }> {
  const [count, size] = images.dims;
  if (texts.dims[0] !== count || texts.dims[1] !== size) {
    throw new RangeError(`pictures [${images.dims}], captions [${texts.dims}]`);
  }
  const near = Math.min(NEIGHBOURS, count);
  const own = new Float64Array(count);
  const other = new Float64Array(count);
  const pictureNear = new Float64Array(count);
  const rows = { captionRank: new Int32Array(count), better: new Int32Array(count) };
  const twin = new Int32Array(count).fill(-1);
  const twinCosine = new Float64Array(count).fill(Number.NaN);
  const offset = Math.max(1, Math.floor(count / 2));
  for (let i = 0; i < count; i += 1) {
    const picture = images.data.subarray(i * size, (i + 1) * size);
    const cosines = products(picture, texts.data, count, size);
    own[i] = cosines[i]!;
    other[i] = cosines[(i + offset) % count]!;
    pictureNear[i] = meanOfLargest(cosines, near);
    rows.captionRank[i] = 1 + countAbove(cosines, own[i]!);
    rows.better[i] = cosines.indexOf(Math.max(...cosines));
    const pictures = products(picture, images.data, count, size);
    pictures[i] = Number.NEGATIVE_INFINITY;
    if (count > 1) {
      twin[i] = pictures.indexOf(Math.max(...pictures));
      twinCosine[i] = Math.min(1, pictures[twin[i]!]!);
    }
    if (i % 32 === 31) await pause();
  }
  const captionNear = new Float64Array(count);
  const pictureRank = new Int32Array(count);
  for (let i = 0; i < count; i += 1) {
    const caption = texts.data.subarray(i * size, (i + 1) * size);
    const cosines = products(caption, images.data, count, size);
    captionNear[i] = meanOfLargest(cosines, near);
    pictureRank[i] = 1 + countAbove(cosines, own[i]!);
    if (i % 32 === 31) await pause();
  }
  const pairs = Array.from({ length: count }, (_, i) => ({
    cosine: own[i]!,
    alignment: 2 * own[i]! - pictureNear[i]! - captionNear[i]!,
    captionRank: rows.captionRank[i]!,
    pictureRank: pictureRank[i]!,
    better: rows.better[i]!,
    twin: twin[i]!,
    twinCosine: twinCosine[i]!,
  }));
  const mixed = Float64Array.from(
    other,
    (value, i) => 2 * value - pictureNear[i]! - captionNear[(i + offset) % count]!,
  );
  const [low, high] = quantiles(mixed, [0.05, 0.95]) as [number, number];
  return { pairs, chance: [low, high] };
}

function products(vector: Float32Array, rows: Float32Array, count: number, size: number): Float64Array {
  const out = new Float64Array(count);
  for (let r = 0; r < count; r += 1) {
    let sum = 0;
    const at = r * size;
    for (let e = 0; e < size; e += 1) sum += vector[e]! * rows[at + e]!;
    out[r] = sum;
  }
  return out;
}

/** Equal values do not count: two copies of one caption do not push each other down. */
function countAbove(values: Float64Array, value: number): number {
  let count = 0;
  for (const entry of values) if (entry > value + 1e-6) count += 1;
  return count;
}

function meanOfLargest(values: Float64Array, count: number): number {
  const sorted = values.slice().sort();
  let sum = 0;
  for (let k = 1; k <= count; k += 1) sum += sorted[sorted.length - k]!;
  return sum / count;
}
