/** Units of convolutional networks: activated feature maps and the sums that end residual blocks. */

import type { NodeRecord } from '../model-index.ts';
import { findActivations } from './activation.ts';
import { stripRearranging, traceProjection } from './linear.ts';
import type { Scope } from './scope.ts';

export type FeatureMap = {
  readonly kind: 'conv.post' | 'conv.resid';
  readonly tensor: string;
  readonly node: NodeRecord;
};

/** Feature maps [batch, channel, y, x] in topological order. */
export function findFeatureMaps(scope: Scope): readonly FeatureMap[] {
  const maps: FeatureMap[] = [];
  for (const { output, node } of findActivations(scope)) {
    if (isMap(scope, output)) maps.push({ kind: 'conv.post', tensor: output, node });
  }
  for (const node of scope.order) {
    const sum = node.outputs[0];
    if (node.opType !== 'Add' || sum === undefined || scope.dataInputs(node).length !== 2) continue;
    // A sum with one value a channel adds a condition (the time step), it ends no block; and attention scores plus a mask
    // have four axes too, but no layer made them.
    const areMaps = node.inputs.every((input) => isMap(scope, input) && !isPerChannel(scope, input));
    if (areMaps && node.inputs.some((input) => isLayerOutput(scope, input))) {
      maps.push({ kind: 'conv.resid', tensor: sum, node });
    }
  }
  return maps.sort((a, b) => scope.position(a.node) - scope.position(b.node));
}

function isMap(scope: Scope, value: string): boolean {
  const shape = scope.shape(value);
  if (shape) return shape.length === 4;
  const neighbours = [scope.producer(value), ...scope.consumers(value)];
  return neighbours.some((node) => node?.opType === 'Conv');
}

function isLayerOutput(scope: Scope, value: string): boolean {
  const made = stripRearranging(scope, value);
  return traceProjection(scope, made).linear?.output === made;
}

function isPerChannel(scope: Scope, value: string): boolean {
  const shape = scope.shape(value);
  return shape?.[2] === 1 && shape[3] === 1;
}
