/** Whether an attention mask is causal: positions see only earlier ones. */

import { constantSource, readConstant } from '../initializer.ts';
import type { Scope } from './scope.ts';

const MAX_STEPS = 64;
/** Larger constants are no masks; reading them would be reading weights. */
const MAX_ELEMENTS = 1 << 22;

/** True when some mask is lower triangular, false when there is none at all, null when there is one that does not tell. */
export function maskIsCausal(scope: Scope, masks: readonly string[]): boolean | null {
  if (masks.length === 0) return false;
  return masks.some((mask) => isTriangular(scope, mask)) ? true : null;
}

/** Looks for a triangle among what a mask is computed from: a Trilu, a comparison of ranges, or a constant. */
function isTriangular(scope: Scope, mask: string): boolean {
  const open = [mask];
  const seen = new Set<string>();
  for (let step = 0; step < MAX_STEPS && open.length > 0; step++) {
    const value = open.shift()!;
    if (value === '' || seen.has(value)) continue;
    seen.add(value);
    if (scope.isConstant(value)) {
      if (constantIsTriangular(scope, value)) return true;
      continue;
    }
    const node = scope.producer(value);
    if (!node) continue;
    if (node.opType === 'Trilu') return true;
    if (COMPARISONS.has(node.opType) && node.inputs.every((input) => comesFromRange(scope, input)))
      return true;
    // Sizes decide where a mask is cut, not what it holds.
    open.push(
      ...(node.opType === 'Slice' || node.opType === 'Expand' || node.opType === 'Reshape'
        ? node.inputs.slice(0, 1)
        : node.inputs),
    );
  }
  return false;
}

const COMPARISONS: ReadonlySet<string> = new Set(['Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual']);

function comesFromRange(scope: Scope, value: string): boolean {
  let name = value;
  for (let step = 0; step < 16; step++) {
    const node = scope.producer(name);
    if (!node) return false;
    if (node.opType === 'Range') return true;
    name = node.inputs[0] ?? '';
  }
  return false;
}

/** A square whose entries above the diagonal are one value and those on and below it another. */
function constantIsTriangular(scope: Scope, value: string): boolean {
  const tensor = constantSource(scope.model, value)?.tensor;
  const size = tensor?.dims.at(-1) ?? 0;
  if (!tensor || size < 2 || tensor.dims.at(-2) !== size) return false;
  if (tensor.dims.slice(0, -2).some((extent) => extent !== 1) || size * size > MAX_ELEMENTS) return false;
  if (tensor.external && !scope.files(tensor.external.location)) return false;
  const { data } = readConstant(scope.model, value, scope.files)!;
  const below = data[0];
  const above = data[1];
  if (below === above) return false;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (data[row * size + column] !== (column > row ? above : below)) return false;
    }
  }
  return true;
}
