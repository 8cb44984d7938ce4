/** A decoder that reads its picture by cross attention (captioners): its inside readable, its heads to be silenced. */

import type { AddedInput } from '../../onnx/graph-builder.ts';
import { instrument } from '../../onnx/instrument.ts';
import { gate, type Patch } from '../../onnx/patch.ts';
import type { Attention } from '../../onnx/sites/inventory.ts';
import { tap } from '../../onnx/tap.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import type { ModelGraph } from '../graph.ts';
import { readLinear } from '../linear.ts';
import { type CacheEntry, readCache } from './cache.ts';
import { type Readout, readReadout } from './readout.ts';

/** The input that tells such a decoder from one that finds image tokens in its own sequence. */
export const MEMORY_INPUT = 'encoder_hidden_states';

/** One attention of a block: outputs to fetch, [batch, head, query, key] and [batch, head, key, dim], and W_O. */
export interface CrossReading {
  readonly pattern: string;
  readonly value: string;
  /** Applied from the right to concatenated heads. */
  readonly projection: Tensor<readonly ['head', 'dim', 'width']>;
}

export interface CrossBlock {
  readonly block: number;
  readonly heads: number;
  /** Site name of the state that the next block reads, and the output that holds it: [batch, position, width]. */
  readonly site: string;
  readonly residual: string;
  readonly self: CrossReading;
  readonly cross: CrossReading;
  /** `gate` on each head's output of the cross attention, broadcast against [batch, head, query, channel]. */
  readonly headInputs: readonly AddedInput[];
}

/** Keys or values of earlier positions, or (`memory`) of the picture, which stay what they are. */
export interface CrossCacheEntry extends CacheEntry {
  readonly memory: boolean;
}

export interface CrossDecoder {
  readonly graph: Uint8Array;
  readonly blocks: readonly CrossBlock[];
  /** Null where the logits are not a final norm and one matrix away from the last state. */
  readonly readout: Readout | null;
  /** Sums are normalised before the next block reads them: no write reaches the logits by addition alone. */
  readonly postNorm: boolean;
  readonly cache: readonly CrossCacheEntry[];
  readonly inputs: ReadonlySet<string>;
}

/** Throws `unsupported` for a decoder whose structure is not understood: nothing is guessed. */
export function readCrossDecoder(graph: ModelGraph, bytes: Uint8Array): CrossDecoder {
  const { model, inventory } = graph;
  const sites = new Map(inventory.sites.map((site) => [site.name, site]));
  const value = (name: string): string => {
    const found = sites.get(name);
    if (!found) throw misread(`no site ${name}`);
    return found.tensor;
  };
  const patches: Patch[] = [];
  const crossing = inventory.attentions.filter(({ cross }) => cross);
  const parts = crossing.map((cross) => {
    const { place, tower } = cross;
    if (!('block' in place)) throw misread(`${cross.name} is in no block`);
    const self = inventory.attentions.find(
      (other) => !other.cross && 'block' in other.place && other.place.block === place.block,
    );
    if (!self || self.heads !== cross.heads || cross.heads === null) {
      throw misread(`block ${place.block} has no self attention with as many heads`);
    }
    const stem = `${tower}.blocks.${place.block}`;
    const site = sites.has(`${stem}.normalized_resid_post`) ? 'normalized_resid_post' : 'resid_post';
    const silencer = gate(model, { tensor: value(cross.z), axes: sites.get(cross.z)!.axes, name: cross.z });
    patches.push(silencer);
    return {
      block: place.block,
      heads: cross.heads,
      site: `${stem}.${site}`,
      residual: value(`${stem}.${site}`),
      self: readAttention(graph, bytes, self, value),
      cross: readAttention(graph, bytes, cross, value),
      headInputs: silencer.inputs,
    };
  });
  if (parts.length === 0) throw misread('no cross attention');
  const wanted = parts.flatMap(({ residual, self, cross }) => [
    residual,
    self.pattern,
    self.value,
    cross.pattern,
    cross.value,
  ]);
  const taps = tap(model, wanted, patches);
  const output = new Map(taps.outputs.map((entry) => [entry.value, entry.output]));
  const reading = (part: CrossReading): CrossReading => ({
    ...part,
    pattern: output.get(part.pattern)!,
    value: output.get(part.value)!,
  });
  return {
    graph: instrument(model, [...patches, taps]),
    blocks: parts.map((part) => ({
      ...part,
      residual: output.get(part.residual)!,
      self: reading(part.self),
      cross: reading(part.cross),
    })),
    // BLIP's head is a network of its own, and a tied matrix may hide behind a quantized one: then there is no lens.
    readout: readReadout(
      graph,
      bytes,
      inventory.towers.find(({ name }) => name === 'decoder'),
    ),
    postNorm: parts.some(({ site }) => site.endsWith('.normalized_resid_post')),
    // `past_key_values.3.decoder.key`; `.encoder.` is the picture's.
    cache: readCache(graph, misread).map((entry) => ({ ...entry, memory: entry.past.includes('.encoder.') })),
    inputs: new Set(model.inputs.map(({ name }) => name)),
  };
}

function readAttention(
  graph: ModelGraph,
  bytes: Uint8Array,
  { name, heads, outputProjection, batchFoldedHeads, pattern, v }: Attention,
  value: (name: string) => string,
): CrossReading {
  if (heads === null || !outputProjection || batchFoldedHeads) throw misread(`${name} is no plain attention`);
  const matrix = readLinear(graph, bytes, outputProjection);
  const [inputs, width] = matrix.dims;
  return {
    pattern: value(pattern),
    value: value(v),
    projection: tensor(['head', 'dim', 'width'], [heads, inputs / heads, width], matrix.data),
  };
}

function misread(what: string): VitrineError {
  return new VitrineError('unsupported', `decoder: ${what}`, { what });
}
