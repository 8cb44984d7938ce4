/** Residual blocks of a convolutional network, counted the way torchvision names them: layer1.0, layer1.1, layer2.0, ... */

import type { NodeRecord } from '../model-index.ts';
import type { FeatureMap } from './convolution.ts';
import { PASSES, type Scope } from './scope.ts';
import type { SitePart } from './site.ts';

export type LayerPlace = { readonly layer: number; readonly unit: number };

/** Where a feature map lies, and its name there; a stem comes before all blocks. */
export type LayeredMap = FeatureMap & { readonly part: SitePart; readonly place: LayerPlace | null };

/**
 * Names feature maps by residual block: `relu1`, `relu2` on the way, `resid` the sum, `relu` the sum activated. A layer ends where
 * the number of channels or the resolution changes. Null for networks whose sums are not activated as they are (autoencoders
 * norm them first) or that have none.
 */
export function layerMaps(scope: Scope, maps: readonly FeatureMap[]): readonly LayeredMap[] | null {
  const sums = maps.filter(({ kind }) => kind === 'conv.resid');
  const activations = maps.filter(({ kind }) => kind === 'conv.post');
  const activated = sums.filter(({ tensor }) => activations.some(({ node }) => reads(scope, node, tensor)));
  if (sums.length === 0 || activated.length < sums.length) return null;
  const named = new Map<FeatureMap, { part: SitePart; place: LayerPlace | null }>();
  let layer = 1;
  let unit = -1;
  let before: string | null = null;
  for (const sum of sums) {
    const size = JSON.stringify(scope.shape(sum.tensor)?.slice(1) ?? null);
    if (before !== null && before !== size) {
      layer++;
      unit = -1;
    }
    before = size;
    unit++;
    const place = { layer, unit };
    const start = blockStart(scope, sum.node);
    const end = scope.position(sum.node);
    let inner = 0;
    for (const map of activations) {
      const at = scope.position(map.node);
      if (at > start && at < end && !named.has(map)) named.set(map, { part: `relu${++inner}`, place });
    }
    named.set(sum, { part: 'resid', place });
    const last = activations.find((map) => reads(scope, map.node, sum.tensor));
    if (last && !named.has(last)) named.set(last, { part: 'relu', place });
  }
  const stem = activations.filter((map) => !named.has(map));
  stem.forEach((map, index) => {
    named.set(map, { part: stem.length === 1 ? 'stem.relu' : `stem.relu${index + 1}`, place: null });
  });
  return maps.map((map) => ({ ...map, ...named.get(map)! }));
}

function reads(scope: Scope, node: NodeRecord, value: string): boolean {
  return node.inputs.some((input) => scope.plain(input) === value);
}

/** Position of the node that writes what both branches of a sum start from; -1 when that is an input of the graph. */
function blockStart(scope: Scope, sum: NodeRecord): number {
  const [left = '', right = ''] = sum.inputs;
  const behindLeft = nodesBehind(scope, left);
  let start = -1;
  for (const node of nodesBehind(scope, right)) {
    if (behindLeft.has(node) && !PASSES.has(node.opType)) start = Math.max(start, scope.position(node));
  }
  return start;
}

function nodesBehind(scope: Scope, value: string): ReadonlySet<NodeRecord> {
  const nodes = new Set<NodeRecord>();
  const open = [value];
  while (open.length > 0) {
    const node = scope.producer(open.pop()!);
    if (!node || nodes.has(node)) continue;
    nodes.add(node);
    open.push(...node.inputs);
  }
  return nodes;
}
