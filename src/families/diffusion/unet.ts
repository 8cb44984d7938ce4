/** The U-Net with every cross-attention map readable, cut down to the conditional half inside the graph. */

import { instrument } from '../../onnx/instrument.ts';
import { FOLDED_AXIS, type ReduceStep, reduce } from '../../onnx/reduce.ts';
import { VitrineError } from '../../protocol/errors.ts';
import type { ModelGraph } from '../graph.ts';

export interface CrossAttentionTap {
  /** Site name, as `unet.down.0.0.attn2.pattern`. */
  readonly site: string;
  /** The graph output to fetch: [1, head, query, token]. */
  readonly output: string;
}

export interface InstrumentedUnet {
  readonly graph: Uint8Array;
  readonly taps: readonly CrossAttentionTap[];
}

/**
 * Taps all cross-attention patterns. In a batch [uncond, cond] only the second half leaves; a batch of one is its own second
 * half. Throws `model-corrupt` when no cross attention is found.
 */
export function instrumentUnet({ model, inventory }: ModelGraph): InstrumentedUnet {
  const sites = new Map(inventory.sites.map((site) => [site.name, site]));
  const reductions = inventory.attentions
    .filter(({ cross }) => cross)
    .map(({ pattern }) => {
      const site = sites.get(pattern)!;
      const steps: ReduceStep[] = [];
      if (site.axes[0] === FOLDED_AXIS) steps.push({ step: 'unfoldHeads', heads: site.heads ?? 1 });
      steps.push({ step: 'secondHalf', axis: 'batch' });
      return { site: pattern, reduction: reduce(model, site, steps) };
    });
  if (reductions.length === 0) {
    throw new VitrineError('model-corrupt', 'the U-Net has no cross attention that can be read', {
      file: 'unet',
    });
  }
  return {
    graph: instrument(
      model,
      reductions.map(({ reduction }) => reduction),
    ),
    taps: reductions.map(({ site, reduction }) => ({ site, output: reduction.output })),
  };
}
