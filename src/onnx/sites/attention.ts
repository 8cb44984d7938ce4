/** Attention, by structure: a Softmax over the last axis between two products of activations. */

import type { NodeRecord } from '../model-index.ts';
import { einsumTerms, type Linear, linearAfter, type Projection, traceProjection } from './linear.ts';
import { maskIsCausal } from './mask.ts';
import { type Norm, normBefore } from './norm.ts';
import { type ResidualAdd, residualAdd } from './residual.ts';
import { nodeLabel, PASSES, REARRANGES, type Scope } from './scope.ts';
import type { Unresolved } from './site.ts';

export type AttentionMatch = {
  readonly softmax: NodeRecord;
  readonly q: string;
  /** Keys as they enter the product: their last two axes are swapped against those of `q`. */
  readonly k: string;
  readonly v: string;
  readonly scores: string;
  readonly pattern: string;
  readonly z: string;
  readonly heads: number | null;
  readonly batchFoldedHeads: boolean;
  /** Keys come from the queries' own source, or from elsewhere. */
  readonly cross: boolean;
  /** Null when there is a mask that is not understood. */
  readonly causal: boolean | null;
  readonly query: Projection;
  readonly key: Projection;
  readonly value: Projection;
  readonly output: Linear | null;
  readonly residual: ResidualAdd | null;
  /** The norm between the residual stream and the queries. */
  readonly norm: Norm | null;
  /** Axes of the parts whose order an Einsum states; the rest follow from the layout. */
  readonly named: NamedAxes;
  /** Set when a Concat joins this head's output with other ones'. */
  readonly joined: NodeRecord | null;
  /** The further heads of an attention that is written head by head. */
  readonly otherHeads: readonly AttentionMatch[];
};

export type NamedAxes = Readonly<Partial<Record<'q' | 'k' | 'v' | 'pattern' | 'z', readonly string[]>>>;

const MAX_STEPS = 16;

/** Every attention of a model in topological order, and what looks like one but is not understood. */
export function findAttention(scope: Scope): {
  found: readonly AttentionMatch[];
  unresolved: readonly Unresolved[];
} {
  const found: AttentionMatch[] = [];
  const unresolved: Unresolved[] = [];
  for (const node of scope.order) {
    if (node.opType !== 'Softmax' || node.domain !== '') continue;
    const product = scoresProduct(scope, node.inputs[0]!);
    if (!product) continue; // A classifier's softmax: no product of activations before it.
    const match = matchAttention(scope, node, product);
    if (typeof match === 'string')
      unresolved.push({ node: nodeLabel(node), opType: node.opType, reason: match });
    else found.push(match);
  }
  return { found: joinHeads(found), unresolved };
}

/** Heads that end in one Concat are one attention, its first head standing for it. */
function joinHeads(found: readonly AttentionMatch[]): readonly AttentionMatch[] {
  const groups = new Map<NodeRecord, AttentionMatch[]>();
  for (const match of found) {
    if (match.joined) groups.set(match.joined, [...(groups.get(match.joined) ?? []), match]);
  }
  return found.flatMap((match) => {
    const group = match.joined && groups.get(match.joined);
    if (!group || group.length === 1) return [match];
    return group[0] === match ? [{ ...match, otherHeads: group.slice(1) }] : [];
  });
}

type Product = { readonly node: NodeRecord; readonly masks: readonly string[] };

/** The product of two activations whose scaled and masked result a value is. */
function scoresProduct(
  scope: Scope,
  value: string,
  masks: readonly string[] = [],
  steps = 0,
): Product | null {
  const node = scope.producer(value);
  if (!node || steps > MAX_STEPS) return null;
  const follow = (input: string, mask?: string) =>
    scoresProduct(scope, input, mask === undefined ? masks : [...masks, mask], steps + 1);
  switch (node.opType) {
    case 'MatMul':
    case 'FusedMatMul':
    case 'Einsum':
      return multipliesActivations(scope, node) ? { node, masks } : null;
    case 'Mul':
    case 'Div':
    case 'Add':
    case 'Sub':
    case 'Max': {
      const [left = '', right = ''] = node.inputs;
      return follow(left, maskOperand(scope, right)) ?? follow(right, maskOperand(scope, left));
    }
    case 'Where': {
      const [condition = '', then = '', otherwise = ''] = node.inputs;
      return follow(then, condition) ?? follow(otherwise, condition);
    }
    case 'Reshape':
    case 'Clip':
    case 'Tanh':
      return follow(node.inputs[0]!);
    default:
      return PASSES.has(node.opType) ? follow(node.inputs[0]!) : null;
  }
}

/** Queries may be learned, hence constant: then they have an axis of heads, which no weight matrix has. */
function multipliesActivations(scope: Scope, node: NodeRecord): boolean {
  const [left = '', right = ''] = node.inputs;
  if (scope.isWeight(right)) return false;
  return !scope.isWeight(left) || (scope.shape(left)?.length ?? 3) >= 3;
}

/** A scale is no mask. */
function maskOperand(scope: Scope, value: string): string | undefined {
  return scope.isSingle(value) ? undefined : value;
}

function matchAttention(scope: Scope, softmax: NodeRecord, product: Product): AttentionMatch | string {
  const scores = softmax.inputs[0]!;
  const rank = scope.shape(scores)?.length ?? scope.shape(product.node.outputs[0]!)?.length ?? null;
  const since13 = (scope.model.opsets.get('') ?? 0) >= 13;
  const axis = scope.int(softmax, 'axis', since13 ? -1 : 1);
  if (axis !== -1 && (rank === null ? axis < 2 : axis !== rank - 1)) {
    return `softmax over axis ${axis}, which is not known to be the last`;
  }
  const weighted = weightedSum(scope, softmax.outputs[0]!);
  if (!weighted) return 'a softmax of products whose result weights no values';
  const named = {
    ...einsumAxes(scope, product.node),
    ...(weighted.node.opType === 'Einsum' ? weightedAxes(scope, weighted) : {}),
  };
  const [first = '', second = ''] = product.node.inputs;
  // An Einsum may name keys first: queries are the operand whose own axis comes before the keys' in the pattern.
  const turned = product.node.opType === 'Einsum' && startsWithKeys(scope, product.node);
  const [q, k] = turned ? [second, first] : [first, second];
  const query = traceProjection(scope, q);
  const key = traceProjection(scope, k);
  const value = traceProjection(scope, weighted.values);
  const cross = isCross(scope, query, key, value);
  if (cross === null)
    return 'keys come neither from a projection nor from an input: self or cross is not known';
  const layout = headLayout(scope, product.node.opType === 'Einsum' ? product.node.outputs[0]! : q, rank);
  if (typeof layout === 'string') return layout;
  const joined = joinOfHeads(scope, weighted.z);
  const output = linearAfter(scope, joined?.outputs[0] ?? weighted.z);
  return {
    softmax,
    q,
    k,
    v: weighted.values,
    scores,
    pattern: weighted.pattern,
    z: weighted.z,
    ...layout,
    cross,
    causal: maskIsCausal(scope, product.masks),
    query,
    key,
    value,
    output,
    residual: output && residualAdd(scope, output.output),
    norm: query.linear && normBefore(scope, query.source),
    named,
    joined,
    otherHeads: [],
  };
}

/** Letters of an Einsum's operands and result, by what they run over; null when they do not make a pattern. */
function patternLetters(scope: Scope, node: NodeRecord): ReadonlyMap<string, string> | null {
  const terms = einsumTerms(scope, node);
  const [left = '', right = ''] = terms?.inputs ?? [];
  if (terms?.inputs.length !== 2) return null;
  const names = new Map<string, string>();
  const shared = [...terms.output].filter((letter) => left.includes(letter) && right.includes(letter));
  const own = [...terms.output].filter((letter) => left.includes(letter) !== right.includes(letter));
  const summed = [...left].filter((letter) => right.includes(letter) && !terms.output.includes(letter));
  if (shared.length > 2 || own.length !== 2 || summed.length !== 1) return null;
  shared.forEach((letter, index) => {
    names.set(letter, index === 0 ? 'batch' : 'head');
  });
  names.set(own[0]!, 'query');
  names.set(own[1]!, 'key');
  names.set(summed[0]!, 'channel');
  return names;
}

/** The axes of queries, keys and pattern as an Einsum of queries and keys states them. */
function einsumAxes(scope: Scope, node: NodeRecord): NamedAxes {
  const terms = node.opType === 'Einsum' ? einsumTerms(scope, node) : null;
  const names = terms && patternLetters(scope, node);
  if (!terms || !names) return {};
  const axes = (term: string) => [...term].map((letter) => names.get(letter) ?? letter);
  const [first = '', second = ''] = terms.inputs;
  const [q, k] = startsWithKeys(scope, node) ? [second, first] : [first, second];
  return { q: axes(q), k: axes(k), pattern: axes(terms.output) };
}

function startsWithKeys(scope: Scope, node: NodeRecord): boolean {
  const names = patternLetters(scope, node);
  const [first = ''] = einsumTerms(scope, node)?.inputs ?? [];
  return names !== null && [...first].some((letter) => names.get(letter) === 'key');
}

/** The axes of values and of the weighted sum, as an Einsum of pattern and values states them. */
function weightedAxes(scope: Scope, { node, pattern }: WeightedSum): NamedAxes {
  const terms = einsumTerms(scope, node);
  if (!terms) return {};
  const at = node.inputs[0] === pattern ? 0 : 1;
  const [weights = '', values = ''] = [terms.inputs[at], terms.inputs[1 - at]];
  const key = [...weights].find((letter) => values.includes(letter) && !terms.output.includes(letter));
  const query = [...weights].find((letter) => !values.includes(letter));
  const shared = [...weights].filter((letter) => values.includes(letter) && letter !== key);
  const name = (letter: string) =>
    letter === key
      ? 'key'
      : letter === query
        ? 'query'
        : (['batch', 'head'][shared.indexOf(letter)] ?? 'channel');
  return { v: [...values].map(name), z: [...terms.output].map(name) };
}

/** The Concat of heads that were attended one by one; null where one product serves them all. */
function joinOfHeads(scope: Scope, z: string): NodeRecord | null {
  let name = z;
  for (let step = 0; step < MAX_STEPS; step++) {
    const readers = scope.consumers(name).filter(({ opType }) => opType !== 'Shape');
    const node = readers[0];
    if (!node || readers.length !== 1) return null;
    if (node.opType === 'Concat') return scope.dataInputs(node).length > 1 ? node : null;
    if (!PASSES.has(node.opType) && !REARRANGES.has(node.opType)) return null;
    name = node.outputs[0]!;
  }
  return null;
}

type WeightedSum = {
  readonly pattern: string;
  readonly values: string;
  readonly z: string;
  readonly node: NodeRecord;
};

/** The product pattern x values that reads a softmax, through copies and guards against rows without keys. */
function weightedSum(scope: Scope, value: string, steps = 0): WeightedSum | null {
  if (steps > MAX_STEPS) return null;
  for (const node of scope.consumers(value)) {
    const output = node.outputs[0];
    if (output === undefined) continue;
    const values = weightedValues(scope, node, value);
    if (values !== null) return { pattern: value, values, z: output, node };
    // Where(IsNaN(p), 0, p), which newer exporters append.
    const guarded = node.opType === 'Where' && (node.inputs[1] === value || node.inputs[2] === value);
    if (guarded || PASSES.has(node.opType) || (node.opType === 'Reshape' && node.inputs[0] === value)) {
      const found = weightedSum(scope, output, steps + 1);
      if (found) return found;
    }
  }
  return null;
}

/** The operand that a product weights by the pattern `value`, or null when the node is no such product. */
function weightedValues(scope: Scope, node: NodeRecord, value: string): string | null {
  const [left = '', right = ''] = node.inputs;
  const product = node.opType === 'MatMul' || node.opType === 'FusedMatMul';
  if (product && left === value && !scope.isWeight(right)) return right;
  // An Einsum may name its operands in any order.
  if (node.opType !== 'Einsum' || !einsumTerms(scope, node) || left === right) return null;
  return left === value ? right : left;
}

/** Self attention projects queries and keys from one source. Null when the file does not tell. */
function isCross(scope: Scope, query: Projection, key: Projection, value: Projection): boolean | null {
  if (query.linear && key.linear) {
    if (query.source === key.source) return false;
    // Keys and values of another source than the queries; a value that agrees with neither is not understood.
    // Learned queries look at whatever the keys are made of.
    return value.linear && (value.source === key.source || value.source === query.source)
      ? value.source === key.source
      : null;
  }
  const inputs = new Set(scope.model.inputs.map(({ name }) => name));
  if (key.linear) return scope.isWeight(query.source) ? true : null;
  return inputs.has(key.source) && query.linear ? true : null;
}

type HeadLayout = Pick<AttentionMatch, 'heads' | 'batchFoldedHeads'>;

/** [batch, head, query, key] or, with heads folded into the batch, [batch*head, query, key]. */
function headLayout(scope: Scope, q: string, rank: number | null): HeadLayout | string {
  const shape = scope.shape(q);
  const axes = rank ?? shape?.length ?? null;
  if (axes === null || axes === 4) {
    const heads = shape?.length === 4 ? shape[1] : null;
    return { heads: typeof heads === 'number' ? heads : null, batchFoldedHeads: false };
  }
  if (axes !== 3) return `scores with ${axes} axes`;
  const heads = foldedHeads(scope, q);
  return heads === null
    ? 'scores with 3 axes whose heads cannot be told'
    : { heads, batchFoldedHeads: heads > 1 };
}

/** The head count of a folded layout: the head axis of the value before it was folded; 1 when nothing was folded. */
function foldedHeads(scope: Scope, q: string): number | null {
  let name = q;
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = scope.producer(name);
    if (!node) return 1;
    const input = node.inputs[0]!;
    if (node.opType === 'Reshape') {
      const before = scope.shape(input);
      if (before?.length !== 4) return before ? 1 : null;
      const heads = before[1];
      return typeof heads === 'number' ? heads : null;
    }
    if (node.opType === 'Mul' || node.opType === 'Div') {
      const data = scope.dataInputs(node).filter((value) => !scope.isSingle(value));
      if (data.length !== 1) return null;
      name = data[0]!;
    } else if (node.opType === 'Transpose' || PASSES.has(node.opType)) name = input;
    else return 1;
  }
  return null;
}
