/** Towers: which part of a model a chain of blocks is, told by what its stream starts from and by what it does. */

import { FLOAT, FLOAT16, INT32, INT64 } from '../element.ts';
import type { ValueInfo } from '../value-info.ts';
import { stripRearranging } from './linear.ts';
import { beforeNorm } from './norm.ts';
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

export type TowerEvidence = {
  /** Graph inputs behind the first state of the stream. */
  readonly start: ReadonlySet<string>;
  /** Graph inputs behind the last one. */
  readonly all: ReadonlySet<string>;
  /** The first state itself, where it is known. */
  readonly stream: string | null;
  readonly causal: boolean;
  readonly cross: boolean;
  /** The output that follows the last block has a position axis: it was not pooled. */
  readonly unpooled: boolean;
  /** Feature maps are carried past the middle of the network and concatenated again. */
  readonly skips: boolean;
};

/** A tower's label: `vision`, `audio`, `text`, `decoder`, `bridge`, `unet`, `vae`, or `model` when none of these can be told. */
export function inferTower(scope: Scope, evidence: TowerEvidence): string {
  const infos = scope.model.inputs.filter(({ name }) => evidence.start.has(name));
  const image = infos.some(({ name, dims }) => isPicture(dims) && feedsConvolution(scope, name));
  const tokens = infos.some(isInteger);
  if (image && evidence.skips) return 'unet';
  if (evidence.stream !== null && startsFromWeights(scope, evidence.stream)) return 'bridge';
  if (image && !(tokens && (evidence.causal || evidence.cross))) {
    // Taps are outputs without a stated shape, so an instrumented model keeps its label.
    const drawn = scope.model.outputs.some(
      ({ dims }) => dims?.length === 4 && dims[2] !== 1 && dims[3] !== 1,
    );
    return drawn ? 'vae' : 'vision';
  }
  if (tokens || evidence.causal) {
    if (evidence.cross || (evidence.causal && (evidence.unpooled || hasCache(scope, evidence.all))))
      return 'decoder';
    return tokens ? 'text' : 'model';
  }
  return infos.some(({ name, dims }) => dims?.length === 3 && feedsConvolution(scope, name))
    ? 'audio'
    : 'model';
}

/** One picture a row, or several. */
function isPicture(dims: ValueInfo['dims']): boolean {
  return dims?.length === 4 || dims?.length === 5;
}

function isInteger({ elementType }: ValueInfo): boolean {
  return elementType === INT64 || elementType === INT32;
}

/** Keys and values of earlier positions: floats with four axes that are no image. */
function hasCache(scope: Scope, inputs: ReadonlySet<string>): boolean {
  return scope.model.inputs.some(
    ({ name, dims, elementType }) =>
      inputs.has(name) &&
      (elementType === FLOAT || elementType === FLOAT16) &&
      (dims?.length === 4 || dims?.length === 5) &&
      !feedsConvolution(scope, name),
  );
}

/** Learned queries, repeated for every row of the batch. */
function startsFromWeights(scope: Scope, stream: string): boolean {
  const root = stripRearranging(scope, beforeNorm(scope, stripRearranging(scope, stream)));
  return scope.isWeight(root);
}

/** Operators between an image input and the first convolution: normalisation and padding; for several pictures a row, the choice of those that are there. */
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
  'Reshape',
  'Flatten',
  'Gather',
  'GatherND',
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
]);

const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv', 'ConvInteger', 'QLinearConv', 'NhwcConv']);

/** Whether an input is an image (caches of keys and values have four axes too). */
function feedsConvolution(scope: Scope, input: string): boolean {
  const open = [input];
  for (let step = 0; step < 16 && open.length > 0; step++) {
    for (const node of scope.consumers(open.shift()!)) {
      if (CONVOLUTIONS.has(node.opType)) return true;
      if (PREPARES.has(node.opType)) open.push(...node.outputs.slice(0, 1));
    }
  }
  return false;
}
