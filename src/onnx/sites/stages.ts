/** Where a node lies in a U-Net: told by its skip connections and its changes of resolution, never by names. */

import type { NodeRecord } from '../model-index.ts';
import type { Scope } from './scope.ts';

export type Stage = { readonly stage: 'down' | 'up'; readonly level: number } | { readonly stage: 'mid' };

/** The stages of a model, or null when it has no skip connections that join feature maps again. */
export function findStages(scope: Scope): ((node: NodeRecord) => Stage) | null {
  const joins = scope.order.filter((node) => isSkipJoin(scope, node));
  // Networks that only go down concatenate too (DenseNet, Inception); a U-Net comes up again.
  if (joins.length === 0 || !scope.order.some((node) => raisesResolution(node))) return null;
  const firstJoin = scope.position(joins[0]!);
  // The last feature map before the first join that a later join still reads ends the way down.
  const ends = joins.flatMap((join) =>
    join.inputs.map((input) => scope.producer(input)).filter((node) => node !== undefined),
  );
  const skipEnds = ends.map((node) => scope.position(node)).filter((position) => position < firstJoin);
  // The newest of these is what comes out of the middle; the skips are older.
  const middle = Math.max(...skipEnds);
  const lastSkip = Math.max(-1, ...skipEnds.filter((position) => position < middle));
  const smaller = positions(scope, (node) => halvesResolution(scope, node)).filter(
    (position) => position < firstJoin,
  );
  const larger = positions(scope, raisesResolution).filter((position) => position > firstJoin);
  return (node) => {
    const position = scope.position(node);
    if (position > firstJoin) return { stage: 'up', level: larger.filter((at) => at < position).length };
    if (position > lastSkip) return { stage: 'mid' };
    return { stage: 'down', level: smaller.filter((at) => at < position).length };
  };
}

function positions(scope: Scope, test: (node: NodeRecord) => boolean): number[] {
  return scope.order.filter(test).map((node) => scope.position(node));
}

/** A concatenation of two feature maps along the channels, one of which was made long before. */
function isSkipJoin(scope: Scope, node: NodeRecord): boolean {
  if (node.opType !== 'Concat' || scope.int(node, 'axis', 0) !== 1) return false;
  const data = scope.dataInputs(node);
  if (data.length !== 2 || scope.shape(node.outputs[0]!)?.length !== 4) return false;
  // What is kept for later is read by at least two nodes: the next layer and the join.
  return data.some((value) => scope.consumers(value).filter(({ opType }) => opType !== 'Shape').length > 1);
}

function halvesResolution(scope: Scope, node: NodeRecord): boolean {
  if (node.opType === 'MaxPool' || node.opType === 'AveragePool') return true;
  if (node.opType !== 'Conv') return false;
  return scope.ints(node, 'strides')?.some((stride) => stride > 1) ?? false;
}

function raisesResolution(node: NodeRecord): boolean {
  return ['Resize', 'Upsample', 'ConvTranspose', 'DepthToSpace'].includes(node.opType);
}
