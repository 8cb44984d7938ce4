/** Towers: which part of a model a block belongs to, told by the graph inputs that it depends on. */

import { INT32, INT64 } from '../element.ts';
import type { Scope } from './scope.ts';

/** For every value the graph inputs that it is computed from. */
export function inputsBehind(scope: Scope): (value: string) => ReadonlySet<string> {
  const behind = new Map<string, ReadonlySet<string>>();
  const none: ReadonlySet<string> = new Set();
  for (const { name } of scope.model.inputs) {
    if (!scope.model.initializers.has(name)) behind.set(name, new Set([name]));
  }
  for (const node of scope.order) {
    let union: ReadonlySet<string> = none;
    for (const value of [...node.inputs, ...node.captured]) {
      const inputs = behind.get(value) ?? none;
      // Sets are shared along chains: most nodes depend on exactly what their first operand does.
      if (union.size === 0) union = inputs;
      else if (![...inputs].every((input) => union.has(input))) union = new Set([...union, ...inputs]);
    }
    for (const output of node.outputs) behind.set(output, union);
  }
  return (value) => behind.get(value) ?? none;
}

export type TowerHints = {
  /** Feature maps are carried past the middle of the network and concatenated again. */
  readonly skips: boolean;
};

/** A tower's label from the kind of its inputs: `text`, `vision`, `unet`, `vae`, or `model` when none of these. */
export function inferTower(scope: Scope, inputs: ReadonlySet<string>, hints: TowerHints): string {
  const infos = scope.model.inputs.filter(({ name }) => inputs.has(name));
  if (infos.some(({ name, dims }) => dims?.length === 4 && feedsConvolution(scope, name))) {
    if (hints.skips) return 'unet';
    // Taps are outputs without a stated shape, so an instrumented model keeps its label.
    const drawn = scope.model.outputs.some(
      ({ dims }) => dims?.length === 4 && dims[2] !== 1 && dims[3] !== 1,
    );
    return drawn ? 'vae' : 'vision';
  }
  const tokens = infos.some(({ elementType }) => elementType === INT64 || elementType === INT32);
  return tokens ? 'text' : 'model';
}

/** Operators between an image input and the first convolution: normalisation and padding. */
const PREPARES: ReadonlySet<string> = new Set([
  'Cast',
  'Identity',
  'Mul',
  'Div',
  'Add',
  'Sub',
  'Transpose',
  'Pad',
  'BatchNormalization',
  'Concat',
]);

/** Whether an input is an image (caches of keys and values have four axes too). */
function feedsConvolution(scope: Scope, input: string): boolean {
  const open = [input];
  for (let step = 0; step < 16 && open.length > 0; step++) {
    for (const node of scope.consumers(open.shift()!)) {
      if (node.opType === 'Conv') return true;
      if (PREPARES.has(node.opType)) open.push(...node.outputs);
    }
  }
  return false;
}
