/** A decoder whose residual stream can be changed along directions: a graph of its own, so that plain runs do not pay for it. */

import { instrument } from '../../onnx/instrument.ts';
import type { ModelGraph } from '../graph.ts';
import { directionPatches } from '../steering.ts';
import type { Decoder } from './decoder.ts';

/** The same decoder with direction patches after every block, and without its taps and other patches. */
export function steerableDecoder(graph: ModelGraph, decoder: Decoder): Decoder {
  const sites = new Map(graph.inventory.sites.map((site) => [site.name, site]));
  const { patches, blocks } = directionPatches(
    graph,
    decoder.blocks.map(({ site }) => sites.get(site)!),
  );
  return {
    ...decoder,
    graph: instrument(graph.model, patches),
    blocks: decoder.blocks.map((block) => ({ ...block, stateInputs: [], headInputs: [], edgeInputs: [] })),
    steered: blocks,
  };
}
