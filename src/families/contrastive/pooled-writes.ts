/** What each head of a pooling attention adds to an image's embedding, and what the MLP behind it does. */

import type { ModelIndex } from '../../onnx/model-index.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floats, type Value } from '../session.ts';
import type { PooledTower } from './pooled.ts';

export interface PooledWrites {
  /** z W_O of each head, with an equal share of the output's bias. */
  readonly heads: Tensor<readonly ['head', 'embedding']>;
  /** What else is in the embedding: the MLP, which reads the normalised sum of the heads. Zero where there is none. */
  readonly mlp: Float32Array;
}

/** Outputs that {@link pooledWrites} reads. */
export function pooledOutputs({ pool }: PooledTower): readonly string[] {
  return ['image_embeds', pool.z];
}

/**
 * Of a batch of one. Exact: the rows and the MLP sum to the model's own embedding (not normalised). Throws `unsupported` for a tower
 * whose embedding is more than the pooled sum and what is added to it.
 */
export function pooledWrites({ pool }: PooledTower, outputs: Readonly<Record<string, Value>>): PooledWrites {
  if (!pool.added) throw notAdded();
  const embedding = floats(outputs, 'image_embeds').data;
  const z = floats(outputs, pool.z);
  const dim = z.dims.at(-1)!;
  const [inputs, width] = pool.projection.dims;
  const count = inputs / dim;
  const heads = new Float32Array(count * width);
  const mlp = embedding.slice();
  for (let head = 0; head < count; head++) {
    for (let i = 0; i < width; i++) {
      let sum = pool.bias[i]! / count;
      for (let d = head * dim; d < (head + 1) * dim; d++)
        sum += z.data[d]! * pool.projection.data[d * width + i]!;
      heads[head * width + i] = sum;
      mlp[i] = mlp[i]! - sum;
    }
  }
  return { heads: tensor(['head', 'embedding'], [count, width], heads), mlp };
}

/** Of a tower whose heads cannot be told apart in its embedding. */
export function notAdded(): VitrineError {
  const what =
    'what its pooling attention gives is changed once more before it is the embedding, so its heads do not add up to it';
  return new VitrineError('unsupported', what, { what });
}

/** Operators that hand a value on, some of it or in another shape. */
const HANDING_ON: ReadonlySet<string> = new Set([
  'Cast',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Whether `to` is `from`, or `from` with something added. */
export function isAddedTo({ producers }: ModelIndex, from: string, to: string): boolean {
  let open = [to];
  const seen = new Set<string>();
  while (open.length > 0) {
    open = open.flatMap((value) => {
      const node = producers.get(value);
      if (value === from || !node || seen.has(value)) return [];
      seen.add(value);
      if (node.opType === 'Add') return node.inputs;
      return HANDING_ON.has(node.opType) ? node.inputs.slice(0, 1) : [];
    });
    if (open.includes(from)) return true;
  }
  return to === from;
}
