/** A causal decoder with its inside readable and changeable, and the weights that attribution needs. */

import type { AddedInput } from '../../onnx/graph-builder.ts';
import { instrument } from '../../onnx/instrument.ts';
import { gate, type Patch, replaceWhere } from '../../onnx/patch.ts';
import { tap } from '../../onnx/tap.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type ModelGraph, readWeight } from '../graph.ts';
import { readLinear } from '../linear.ts';
import type { SteeredBlock } from '../steering.ts';

export interface DecoderBlock {
  readonly block: number;
  /** Site name of the residual stream after the block. */
  readonly site: string;
  readonly heads: number;
  /** Outputs to fetch: [batch, position, width], [batch, head, query, key], [batch, head, key, dim]. */
  readonly residual: string;
  readonly pattern: string;
  readonly value: string;
  /** W_O, applied from the right to concatenated heads. */
  readonly projection: Tensor<readonly ['head', 'dim', 'width']>;
  /** States to put in place: `mask` and `injected`, broadcast against [batch, position, channel]. */
  readonly stateInputs: readonly AddedInput[];
  /** `gate` on each head's output, broadcast against [batch, head, query, channel]. */
  readonly headInputs: readonly AddedInput[];
  /** Scores to put in place, broadcast against [batch, head, query, key]. */
  readonly edgeInputs: readonly AddedInput[];
}

/** From the last residual state to logits. */
export interface Readout {
  readonly norm: {
    readonly kind: 'layer' | 'rms';
    /** Ones where the file has none. */
    readonly scale: Float32Array;
    readonly bias: Float32Array | null;
    readonly epsilon: number;
  };
  readonly unembedding: Tensor<readonly ['width', 'token']>;
}

/** One tensor of the key-value cache. */
export interface CacheEntry {
  readonly past: string;
  readonly present: string;
  readonly heads: number;
  readonly dim: number;
}

export interface Decoder {
  readonly graph: Uint8Array;
  readonly blocks: readonly DecoderBlock[];
  readonly readout: Readout;
  readonly cache: readonly CacheEntry[];
  /** Inputs of the file itself. */
  readonly inputs: ReadonlySet<string>;
  /** One entry a block where directions can be changed, see `steerable-decoder`. */
  readonly steered?: readonly SteeredBlock[];
}

/** Throws `model-corrupt` for a decoder whose structure is not understood: nothing is guessed. */
export function readDecoder(graph: ModelGraph, bytes: Uint8Array): Decoder {
  const { model, inventory } = graph;
  const sites = new Map(inventory.sites.map((site) => [site.name, site]));
  const value = (name: string): string => {
    const found = sites.get(name);
    if (!found) throw misread(`no site ${name}`);
    return found.tensor;
  };
  const site = (name: string) => ({ tensor: value(name), axes: sites.get(name)!.axes, name });
  const patches: Patch[] = [];
  const patched = (patch: Patch): readonly AddedInput[] => {
    patches.push(patch);
    return patch.inputs;
  };
  const parts = inventory.attentions
    .filter(({ cross }) => !cross)
    .map((attention) => {
      const { place, heads, outputProjection, name } = attention;
      if (!('block' in place) || heads === null || !outputProjection || attention.batchFoldedHeads) {
        throw misread(`${name} is no plain self attention`);
      }
      const matrix = readLinear(graph, bytes, outputProjection);
      const [inputs, width] = matrix.dims;
      const residual = `${attention.tower}.blocks.${place.block}.resid_post`;
      return {
        block: place.block,
        site: residual,
        heads,
        residual: value(residual),
        pattern: value(attention.pattern),
        value: value(attention.v),
        projection: tensor(['head', 'dim', 'width'], [heads, inputs / heads, width], matrix.data),
        stateInputs: patched(replaceWhere(model, site(residual))),
        headInputs: patched(gate(model, site(attention.z))),
        edgeInputs: patched(replaceWhere(model, site(attention.pattern.replace(/pattern$/, 'scores')))),
      };
    });
  if (parts.length === 0) throw misread('no attention block');
  const taps = tap(
    model,
    parts.flatMap((part) => [part.residual, part.pattern, part.value]),
    patches,
  );
  const output = new Map(taps.outputs.map((entry) => [entry.value, entry.output]));
  return {
    graph: instrument(model, [...patches, taps]),
    blocks: parts.map((part) => ({
      ...part,
      residual: output.get(part.residual)!,
      pattern: output.get(part.pattern)!,
      value: output.get(part.value)!,
    })),
    readout: readReadout(graph, bytes),
    cache: readCache(graph),
    inputs: new Set(model.inputs.map(({ name }) => name)),
  };
}

function readReadout(graph: ModelGraph, bytes: Uint8Array): Readout {
  const final = graph.inventory.towers[0]?.final;
  if (!final?.norm || !final.projection) throw misread('no final norm and head after the last block');
  const { kind, scale, bias, epsilon } = final.norm;
  const { dims, data } = readLinear(graph, bytes, final.projection);
  return {
    norm: {
      kind,
      scale: scale === null ? new Float32Array(dims[0]).fill(1) : readWeight(graph, bytes, scale).data,
      bias: bias === null ? null : readWeight(graph, bytes, bias).data,
      epsilon,
    },
    unembedding: tensor(['width', 'token'], dims, data),
  };
}

/** Pairs `past_key_values.3.key` with `present.3.key`. */
function readCache({ model }: ModelGraph): readonly CacheEntry[] {
  const presents = new Set(model.outputs.map(({ name }) => name));
  return model.inputs
    .filter(({ name }) => name.startsWith('past_key_values.'))
    .map(({ name, dims }) => {
      const present = name.replace(/^past_key_values/, 'present');
      const [, heads, , dim] = dims ?? [];
      if (!presents.has(present) || typeof heads !== 'number' || typeof dim !== 'number') {
        throw misread(`the cache ${name} has no output or no sizes`);
      }
      return { past: name, present, heads, dim };
    });
}

function misread(what: string): VitrineError {
  return new VitrineError('model-corrupt', `decoder: ${what}`, { file: 'decoder_model_merged' });
}
