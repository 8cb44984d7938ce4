/** A causal decoder with its inside readable and changeable, and the weights that attribution needs. */

import type { AddedInput } from '../../onnx/graph-builder.ts';
import { instrument } from '../../onnx/instrument.ts';
import { gate, type Patch, replaceWhere } from '../../onnx/patch.ts';
import { tap } from '../../onnx/tap.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import type { ModelGraph } from '../graph.ts';
import { readLinear } from '../linear.ts';
import type { SteeredBlock } from '../steering.ts';
import { type CacheEntry, readCache } from './cache.ts';
import { type Readout, readReadout } from './readout.ts';

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
  const readout = readReadout(graph, bytes, inventory.towers[0]);
  if (readout === null) throw misread('no final norm and head after the last block');
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
    readout,
    cache: readCache(graph, misread),
    inputs: new Set(model.inputs.map(({ name }) => name)),
  };
}

function misread(what: string): VitrineError {
  return new VitrineError('model-corrupt', `decoder: ${what}`, { file: 'decoder_model_merged' });
}
