/** What a tower does after its last block: pooling, final norm, projection to an output. */

import { type Linear, linearAfter } from './linear.ts';
import { type Norm, normAfter } from './norm.ts';
import type { Scope } from './scope.ts';

export type FinalLayers = {
  /** The norm after the last block, or null. */
  readonly norm: Norm | null;
  /** The linear layer after it, or null. */
  readonly projection: Linear | null;
};

const MAX_VALUES = 64;

/** Operators between the last block and the projection: pooling and what exporters put around it. */
const FOLLOWED: ReadonlySet<string> = new Set([
  'Gather',
  'GatherElements',
  'GatherND',
  'Slice',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'Flatten',
  'Identity',
  'Cast',
  'If',
  'ReduceMean',
  'Transpose',
  'Dropout',
]);

/** Follows the residual stream from the last block to the outputs. */
export function finalLayers(scope: Scope, stream: string): FinalLayers {
  let norm: Norm | null = null;
  const open = [stream];
  const seen = new Set<string>();
  for (let step = 0; step < MAX_VALUES && open.length > 0; step++) {
    const value = open.shift()!;
    if (seen.has(value)) continue;
    seen.add(value);
    const found = normAfter(scope, value);
    if (found && norm === null) {
      norm = found;
      open.unshift(found.output);
    }
    const projection = linearAfter(scope, value);
    if (projection) return { norm, projection };
    for (const node of scope.consumers(value)) {
      // The value is data, not an index: the first input, or what an If's branches return.
      if (FOLLOWED.has(node.opType) && (node.inputs[0] === value || node.captured.includes(value))) {
        open.push(...node.outputs);
      }
    }
  }
  return { norm, projection: null };
}
