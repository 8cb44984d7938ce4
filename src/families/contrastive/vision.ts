/** The vision tower with its inside readable: residual stream, attention, hidden units; and the weights that methods need. */

import { instrument } from '../../onnx/instrument.ts';
import type { Site, SiteKind } from '../../onnx/sites/site.ts';
import { tap } from '../../onnx/tap.ts';
import { VitrineError } from '../../protocol/errors.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { type ModelGraph, readWeight } from '../graph.ts';
import { readLinear } from '../linear.ts';

/** Kinds of sites that are tapped. What is not fetched costs next to nothing. */
const TAPPED: readonly SiteKind[] = [
  'resid_pre',
  'resid_mid',
  'resid_post',
  'attn.pattern',
  'attn.v',
  'attn.z',
  'mlp.post',
  'conv.post',
  'conv.resid',
];
/** Kinds whose channels are units to dissect. */
const DISSECTED: readonly SiteKind[] = ['mlp.post', 'resid_post', 'conv.post', 'conv.resid'];

export interface TappedSite {
  readonly site: Site;
  /** The graph output to fetch. */
  readonly output: string;
}

export interface VisionBlock {
  readonly block: number;
  /** Site name of the residual stream after the block. */
  readonly site: string;
  readonly residual: string;
  /** Outputs to fetch: [batch, head, query, key] and [batch, head, key, dim]. */
  readonly pattern: string;
  readonly value: string;
  /** W_O, applied from the right to concatenated heads. */
  readonly projection: Tensor<readonly ['head', 'dim', 'width']>;
  /** Bias of the output matrix, [width]; zeros where there is none. */
  readonly bias: Float32Array;
}

/** A vision model with its inside readable, whatever it is made of. */
export interface TappedVision {
  readonly graph: Uint8Array;
  readonly sites: ReadonlyMap<string, TappedSite>;
  /** Sites whose channels can be dissected, in the order of the graph. */
  readonly dissectable: readonly Site[];
}

export interface VisionTower extends TappedVision {
  readonly blocks: readonly VisionBlock[];
  /** The final LayerNorm and the projection to the joint space. */
  readonly head: {
    readonly gamma: Float32Array;
    readonly beta: Float32Array;
    readonly epsilon: number;
    readonly projection: Tensor<readonly ['width', 'embedding']>;
  };
}

/** Taps every site that a job reads. */
export function tapVision({ model, inventory }: ModelGraph): TappedVision {
  const chosen = inventory.sites.filter(({ kind }) => TAPPED.includes(kind));
  const taps = tap(
    model,
    chosen.map(({ tensor: value }) => value),
  );
  const outputs = new Map(taps.outputs.map(({ value, output }) => [value, output]));
  return {
    graph: instrument(model, [taps]),
    sites: new Map(chosen.map((site) => [site.name, { site, output: outputs.get(site.tensor)! }] as const)),
    dissectable: chosen.filter(({ kind }) => DISSECTED.includes(kind)),
  };
}

/** Throws `unsupported` for a tower whose structure is not understood: nothing is guessed. */
export function readVisionTower(graph: ModelGraph, bytes: Uint8Array, tapped: TappedVision): VisionTower {
  const { inventory } = graph;
  const { sites } = tapped;
  const output = (name: string): string => {
    const found = sites.get(name);
    if (!found) throw misread(`no site ${name}`);
    return found.output;
  };
  const blocks = inventory.attentions.map((attention): VisionBlock => {
    const { place, heads, outputProjection } = attention;
    if (!('block' in place) || attention.cross || heads === null || !outputProjection) {
      throw misread(`${attention.name} is no plain self attention`);
    }
    const site = `${attention.tower}.blocks.${place.block}.resid_post`;
    const matrix = readLinear(graph, bytes, outputProjection);
    const [inputs, width] = matrix.dims;
    return {
      block: place.block,
      site,
      residual: output(site),
      pattern: output(attention.pattern),
      value: output(attention.v),
      projection: tensor(['head', 'dim', 'width'], [heads, inputs / heads, width], matrix.data),
      bias: outputProjection.bias
        ? readWeight(graph, bytes, outputProjection.bias).data
        : new Float32Array(width),
    };
  });
  const final = inventory.towers[0]?.final;
  if (blocks.length === 0 || !final?.norm?.scale || !final.norm.bias || !final.projection) {
    throw misread('no final norm and projection after attention blocks');
  }
  return {
    ...tapped,
    blocks,
    head: {
      gamma: readWeight(graph, bytes, final.norm.scale).data,
      beta: readWeight(graph, bytes, final.norm.bias).data,
      epsilon: final.norm.epsilon,
      projection: readLinear(graph, bytes, final.projection),
    },
  };
}

function misread(what: string): VitrineError {
  return new VitrineError('unsupported', `vision model: ${what}`, { what });
}
