import { type Grid, grid, type Tensor } from '../../tensor/tensor.ts';
import { type EmbeddingHead, normStatistics } from './head.ts';

/** Attention of one block as the CLS token saw it. */
export interface ClsAttention {
  /** Softmax row of the CLS query; key 0 is CLS itself, then patches in reading order. */
  readonly pattern: Tensor<readonly ['head', 'key']>;
  /** Values, their bias included. */
  readonly value: Tensor<readonly ['key', 'head', 'dim']>;
  /** Output matrix W_O, as applied from the right: heads concatenated, times this. */
  readonly output: Tensor<readonly ['head', 'dim', 'width']>;
}

/** How writes to the residual stream at the final CLS add up to one number. */
export interface Readout {
  /** [width]; a write w adds dot(w, direction). */
  readonly direction: Float64Array;
  /** What the final LayerNorm's own bias adds, whatever was written. */
  readonly constant: number;
}

/**
 * Folds LayerNorm and projection into one direction of the residual stream. With x the final CLS state, g = gamma *
 * (P t) for text direction t: LN(x) P t = sum_i (x_i - mean x) / deviation * g_i + beta . P t. The mean is linear in x, so
 * it moves into g: (g - mean g) / deviation; the deviation is that of the actual state, frozen. Exact: the readouts
 * of all writes plus `constant` give the model's own dot(embedding, t).
 */
export function readout(state: Float32Array, head: EmbeddingHead, text: ArrayLike<number>): Readout {
  const { deviation } = normStatistics(state, head);
  const [width, size] = head.projection.dims;
  if (text.length !== size) throw new RangeError(`text has ${text.length} values, embeddings ${size}`);
  const direction = new Float64Array(width);
  let constant = 0;
  let centre = 0;
  for (let i = 0; i < width; i += 1) {
    let projected = 0;
    for (let e = 0; e < size; e += 1) projected += head.projection.data[i * size + e]! * text[e]!;
    constant += head.beta[i]! * projected;
    direction[i] = head.gamma[i]! * projected;
    centre += direction[i]!;
  }
  centre /= width;
  for (let i = 0; i < width; i += 1) direction[i] = (direction[i]! - centre) / deviation;
  return { direction, constant };
}

/** What one write [width] to the residual stream adds: of a bias, an MLP, the input embedding. */
export function contribution(write: ArrayLike<number>, { direction }: Readout): number {
  if (write.length !== direction.length) {
    throw new RangeError(`write of ${write.length} values, stream of ${direction.length}`);
  }
  let sum = 0;
  for (let i = 0; i < direction.length; i += 1) sum += write[i]! * direction[i]!;
  return sum;
}

/** pattern x value x output . direction of one layer, for every head and key: [head, key]. The output bias is not in it. */
export function headContributions(
  layer: ClsAttention,
  { direction }: Readout,
): Tensor<readonly ['head', 'key'], Float32Array> {
  const [heads, keys] = layer.pattern.dims;
  const [valueKeys, valueHeads, dim] = layer.value.dims;
  const [outputHeads, outputDim, width] = layer.output.dims;
  if (valueKeys !== keys || valueHeads !== heads || outputHeads !== heads || outputDim !== dim) {
    throw new RangeError(
      `pattern [${layer.pattern.dims}], value [${layer.value.dims}], output [${layer.output.dims}] do not fit`,
    );
  }
  if (width !== direction.length) throw new RangeError(`output width ${width}, stream ${direction.length}`);
  // First W_O . direction [head, dim]: one small vector a head, whatever the number of patches.
  const reading = new Float64Array(heads * dim);
  for (let r = 0; r < heads * dim; r += 1) {
    let sum = 0;
    for (let i = 0; i < width; i += 1) sum += layer.output.data[r * width + i]! * direction[i]!;
    reading[r] = sum;
  }
  const out = new Float32Array(heads * keys);
  for (let h = 0; h < heads; h += 1) {
    for (let k = 0; k < keys; k += 1) {
      const at = (k * heads + h) * dim;
      let sum = 0;
      for (let d = 0; d < dim; d += 1) sum += layer.value.data[at + d]! * reading[h * dim + d]!;
      out[h * keys + k] = layer.pattern.data[h * keys + k]! * sum;
    }
  }
  return { axes: ['head', 'key'], dims: [heads, keys], data: out };
}

/** A ViT that pools by CLS, as it stood on one image. */
export interface ClsTower {
  readonly layers: readonly ClsAttention[];
  readonly head: EmbeddingHead;
  /** Final CLS state [width], before the final LayerNorm. */
  readonly state: Float32Array;
  readonly gridHeight: number;
  readonly gridWidth: number;
  /** Turns dot products into logits: logit scale / length of the image embedding; 1 leaves them as they are. */
  readonly scale: number;
}

/**
 * Recipe `text-relevance` (after Gandelsman et al. 2024): how much each patch adds to the match of the image with a
 * text, straight from the patch through every layer and head to the CLS token: sum over layers and heads of
 * pattern(CLS -> patch) x value(patch) x W_O x projection, LayerNorm folded in, dotted with `text` = (text - mean text),
 * times `scale`. Direct path only: what a patch tells CLS by way of other patches counts for those. Signed; patches, the
 * CLS key, biases, MLPs and the input embedding together give the model's own figure. Unit: logits. Heads that `omit` names are left out.
 */
export function patchRelevance(
  tower: ClsTower,
  text: ArrayLike<number>,
  omit: (layer: number, head: number) => boolean = () => false,
): Grid {
  const patches = tower.gridHeight * tower.gridWidth;
  const sums = new Float64Array(patches);
  const reading = readout(tower.state, tower.head, text);
  for (const [index, layer] of tower.layers.entries()) {
    const [heads, keys] = layer.pattern.dims;
    if (keys !== patches + 1) throw new RangeError(`${keys} keys; expected CLS and ${patches} patches`);
    const { data } = headContributions(layer, reading);
    for (let h = 0; h < heads; h += 1) {
      if (omit(index, h)) continue;
      for (let p = 0; p < patches; p += 1) sums[p] = sums[p]! + data[h * keys + 1 + p]!;
    }
  }
  return grid(
    tower.gridHeight,
    tower.gridWidth,
    Float32Array.from(sums, (sum) => sum * tower.scale),
  );
}
