/** A vision tower that pools its patches by one attention with a learned query (SigLIP) instead of a class token. */

import { FLOAT } from '../../onnx/element.ts';
import { indexModel } from '../../onnx/model-index.ts';
import { partOf } from '../../onnx/part.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type ModelGraph, readWeight } from '../graph.ts';
import { readLinear } from '../linear.ts';
import { floats, type Value } from '../session.ts';
import { isAddedTo } from './pooled-writes.ts';
import type { TappedVision } from './vision.ts';

export interface PooledTower extends TappedVision {
  /** In order: the state of every patch after each block, [batch, position, width]. */
  readonly blocks: readonly { readonly site: string; readonly block: number; readonly residual: string }[];
  readonly pool: {
    /** Outputs to fetch: rows of one query, and values. */
    readonly pattern: string;
    readonly value: string;
    /** W_O, applied from the right to concatenated heads. */
    readonly projection: Tensor<readonly ['width', 'embedding']>;
    /** Bias of W_O; zeros where there is none. */
    readonly bias: Float32Array;
    /** Output to fetch: what the heads read, before W_O. */
    readonly z: string;
    /** Whether the embedding is what W_O gives, or that with something added. */
    readonly added: boolean;
  };
  /** The model from the last block's states on: takes `input`, gives `image_embeds`. */
  readonly tail: { readonly graph: Uint8Array; readonly input: string; readonly inputs: ReadonlySet<string> };
}

/** Exports without a projection have the pooled state as their embedding. */
const EMBEDDINGS = ['image_embeds', 'pooler_output'] as const;

export function poolsByAttention({ inventory }: ModelGraph): boolean {
  return inventory.attentions.some(({ place }) => 'stage' in place && place.stage === 'pool');
}

/** Throws `unsupported` for a tower whose structure is not understood: nothing is guessed. */
export function readPooledTower(graph: ModelGraph, bytes: Uint8Array, tapped: TappedVision): PooledTower {
  const { model, inventory } = graph;
  const found = (name: string) => {
    const site = tapped.sites.get(name);
    if (!site) throw misread(`no site ${name}`);
    return site;
  };
  const pool = inventory.attentions.find(({ place }) => 'stage' in place && place.stage === 'pool');
  const blocks = inventory.attentions.flatMap(({ place, tower }) => {
    if (!('block' in place)) return [];
    const site = `${tower}.blocks.${place.block}.resid_post`;
    return [{ site, block: place.block, residual: found(site).output }];
  });
  const last = blocks.at(-1);
  const embedding = EMBEDDINGS.find((wanted) => model.outputs.some(({ name }) => name === wanted));
  if (!pool?.outputProjection || !last || !embedding) {
    throw misread('no pooling attention after the last block');
  }
  const input = found(last.site).site.tensor;
  const projection = readLinear(graph, bytes, pool.outputProjection);
  const { bias } = pool.outputProjection;
  const summed = inventory.sites.find(({ name }) => name === `${pool.name}.out`);
  const tail = indexModel(partOf(model, { output: embedding, name: 'image_embeds', from: [input] }));
  return {
    ...tapped,
    blocks,
    pool: {
      pattern: found(pool.pattern).output,
      value: found(pool.v).output,
      projection,
      bias: bias ? readWeight(graph, bytes, bias).data : new Float32Array(projection.dims[1]),
      z: found(pool.z).output,
      added: summed !== undefined && isAddedTo(model, summed.tensor, embedding),
    },
    tail: {
      graph: tail.bytes,
      input,
      inputs: new Set(tail.inputs.filter(({ elementType }) => elementType === FLOAT).map(({ name }) => name)),
    },
  };
}

/**
 * What the pooling attention gives each patch of a batch of one. How many heads there are is told by the width of one: exports
 * fold them into the batch.
 */
export function poolAttention(
  { pool }: PooledTower,
  outputs: Readonly<Record<string, Value>>,
): {
  readonly pattern: Tensor<readonly ['head', 'key']>;
  readonly value: Tensor<readonly ['key', 'head', 'dim']>;
  readonly output: Tensor<readonly ['head', 'dim', 'width']>;
} {
  const pattern = floats(outputs, pool.pattern).data;
  const values = floats(outputs, pool.value);
  const dim = values.dims.at(-1)!;
  const [inputs, width] = pool.projection.dims;
  const heads = inputs / dim;
  const keys = pattern.length / heads;
  // [1, head, key, dim] or, heads folded into the batch of one, [head, key, dim].
  const turned = new Float32Array(values.data.length);
  for (let head = 0; head < heads; head++) {
    for (let key = 0; key < keys; key++) {
      const from = (head * keys + key) * dim;
      turned.set(values.data.subarray(from, from + dim), (key * heads + head) * dim);
    }
  }
  return {
    pattern: tensor(['head', 'key'], [heads, keys], pattern),
    value: tensor(['key', 'head', 'dim'], [keys, heads, dim], turned),
    output: tensor(['head', 'dim', 'width'], [heads, dim, width], pool.projection.data),
  };
}

function misread(what: string): VitrineError {
  return new VitrineError('unsupported', `vision model: ${what}`, { what });
}
