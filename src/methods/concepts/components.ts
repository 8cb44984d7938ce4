import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type EmbeddingHead, normStatistics } from './head.ts';

/** Which part of a tower wrote something. */
export type Component =
  | { readonly kind: 'input' }
  | { readonly kind: 'head'; readonly layer: number; readonly head: number }
  | { readonly kind: 'mlp'; readonly layer: number };

/** The weights of a tower that its components write with. */
export interface TowerWeights {
  readonly head: EmbeddingHead;
  /** Output matrix W_O of each layer's attention, and its bias. */
  readonly outputs: readonly {
    readonly projection: Tensor<readonly ['head', 'dim', 'width']>;
    readonly bias: Float32Array;
  }[];
}

/** What was written to the CLS position while one image was read. */
export interface ClsWrites {
  /** Residual stream before the first block, [width]. */
  readonly input: Float32Array;
  /** For each layer the heads' outputs before W_O. */
  readonly heads: readonly Tensor<readonly ['head', 'dim']>[];
  /** For each layer what its MLP added, [width]. */
  readonly mlps: readonly Float32Array[];
  /** Residual stream after the last block, [width]: the sum of all. */
  readonly state: Float32Array;
}

export type Contributions = Tensor<readonly ['component', 'embedding']>;

/** The order of the rows of {@link contributionReader}: the input, then each layer's heads and its MLP. */
export function componentsOf(weights: TowerWeights): readonly Component[] {
  return [
    { kind: 'input' },
    ...weights.outputs.flatMap(({ projection }, layer) => [
      ...Array.from({ length: projection.dims[0] }, (_, head) => ({ kind: 'head', layer, head }) as const),
      { kind: 'mlp', layer } as const,
    ]),
  ];
}

/**
 * Splits image embeddings into what each component wrote. The final LayerNorm is folded in with the variance of the actual state,
 * frozen, and the mean taken out of each write; the bias of an output matrix is shared out among its heads, that of the
 * LayerNorm among all components. Exact: the rows sum to the model's own embedding (not normalised).
 */
export function contributionReader(weights: TowerWeights): (writes: ClsWrites) => Contributions {
  const { head } = weights;
  const [width, size] = head.projection.dims;
  const folded = foldNorm(head);
  const matrices = weights.outputs.map(({ projection }) => multiply(projection, folded, width, size));
  const biases = weights.outputs.map(({ bias, projection }) =>
    apply(
      Float64Array.from(bias, (value) => value / projection.dims[0]),
      folded,
      size,
    ),
  );
  const components = componentsOf(weights);
  const shared = new Float64Array(size);
  for (let i = 0; i < width; i += 1) {
    for (let e = 0; e < size; e += 1) {
      shared[e] = shared[e]! + (head.beta[i]! * head.projection.data[i * size + e]!) / components.length;
    }
  }
  return (writes) => {
    const { deviation } = normStatistics(writes.state, head);
    const out = new Float32Array(components.length * size);
    components.forEach((component, row) => {
      const write = readComponent(component, writes, folded, matrices, biases, size);
      for (let e = 0; e < size; e += 1) out[row * size + e] = write[e]! / deviation + shared[e]!;
    });
    return tensor(['component', 'embedding'], [components.length, size], out);
  };
}

function readComponent(
  component: Component,
  writes: ClsWrites,
  folded: Float64Array,
  matrices: readonly Float64Array[],
  biases: readonly Float64Array[],
  size: number,
): Float64Array {
  if (component.kind === 'input') return apply(writes.input, folded, size);
  if (component.kind === 'mlp') return apply(writes.mlps[component.layer]!, folded, size);
  const z = writes.heads[component.layer]!;
  const dim = z.dims[1];
  const from = component.head * dim;
  const matrix = matrices[component.layer]!.subarray(from * size, (from + dim) * size);
  const out = apply(z.data.subarray(from, from + dim), matrix, size);
  const bias = biases[component.layer]!;
  for (let e = 0; e < size; e += 1) out[e] = out[e]! + bias[e]!;
  return out;
}

/** (I - 1/width) diag(gamma) P: a write w gives w times it, divided by the state's deviation. [width, embedding] */
function foldNorm({ gamma, projection }: EmbeddingHead): Float64Array {
  const [width, size] = projection.dims;
  const out = Float64Array.from(projection.data, (value, at) => value * gamma[Math.floor(at / size)]!);
  const means = new Float64Array(size);
  out.forEach((value, at) => {
    means[at % size] = means[at % size]! + value / width;
  });
  return out.map((value, at) => value - means[at % size]!);
}

/** A row vector times a matrix [rows, size]. */
function apply(vector: ArrayLike<number>, matrix: Float64Array, size: number): Float64Array {
  if (vector.length * size !== matrix.length) {
    throw new RangeError(`a write of ${vector.length} values for a matrix of ${matrix.length / size} rows`);
  }
  const out = new Float64Array(size);
  for (let i = 0; i < vector.length; i += 1) {
    const value = vector[i]!;
    for (let e = 0; e < size; e += 1) out[e] = out[e]! + value * matrix[i * size + e]!;
  }
  return out;
}

/** [head, dim, width] x [width, embedding] as [head * dim, embedding]. */
function multiply(
  projection: Tensor<readonly ['head', 'dim', 'width']>,
  folded: Float64Array,
  width: number,
  size: number,
): Float64Array {
  const rows = projection.dims[0] * projection.dims[1];
  const out = new Float64Array(rows * size);
  for (let r = 0; r < rows; r += 1) {
    out.set(apply(projection.data.subarray(r * width, (r + 1) * width), folded, size), r * size);
  }
  return out;
}
