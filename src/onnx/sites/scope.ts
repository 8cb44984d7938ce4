/** A model with what every site finder asks of it. */

import { readAttributes } from '../attributes.ts';
import { constantSource, type ExternalFiles, readScalar } from '../initializer.ts';
import type { ModelIndex, NodeRecord } from '../model-index.ts';
import { topologicalOrder } from '../order.ts';
import { constantValues } from '../shape-values.ts';
import { inferShapes, type Shapes } from '../shapes.ts';
import type { Shape } from '../value-info.ts';

/** Chains of rearranged weights and of casts are short; a longer one is a cycle. */
const MAX_DERIVED = 16;

/** Copies of one value: a quantized model has one for every reader. */
const MAX_COPIES = 64;

/** What may stand between a stored weight and its use; the first input is the weight. */
const DERIVES: ReadonlySet<string> = new Set([
  'Transpose',
  'Slice',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'Split',
  'Gather',
  'Cast',
  'Identity',
  'QuantizeLinear',
  'DequantizeLinear',
  'Expand',
  'Tile',
]);

/** Arithmetic that makes a weight of weights: learned queries through their own projection. */
const COMBINES: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'MatMul', 'Gemm']);

export class Scope {
  readonly model: ModelIndex;
  readonly files: ExternalFiles;
  readonly order: readonly NodeRecord[];
  readonly #rank: ReadonlyMap<NodeRecord, number>;
  readonly #shapes: Shapes;
  readonly #constants = new Map<string, boolean>();
  readonly #weights = new Map<string, boolean>();

  constructor(model: ModelIndex, files: ExternalFiles = () => undefined) {
    this.model = model;
    this.files = files;
    this.order = topologicalOrder(model);
    this.#rank = new Map(this.order.map((node, index) => [node, index]));
    this.#shapes = inferShapes(model);
  }

  producer(value: string): NodeRecord | undefined {
    return this.model.producers.get(value);
  }

  consumers(value: string): readonly NodeRecord[] {
    return this.model.consumers.get(value) ?? [];
  }

  /** The value that a reader sees when all that reads this one is a copy; else the value itself. */
  plainReader(value: string): string {
    let name = value;
    for (let step = 0; step < MAX_DERIVED; step++) {
      const [node, ...more] = this.consumers(name);
      if (!node || more.length > 0 || !PASSES.has(node.opType)) return name;
      name = node.outputs[0] ?? name;
    }
    return name;
  }

  /** The nodes that read a value, copies of it looked through and sizes left out, each with the name it reads. */
  readers(value: string): readonly { readonly node: NodeRecord; readonly as: string }[] {
    const found: { node: NodeRecord; as: string }[] = [];
    const open = [value];
    for (let step = 0; step < MAX_COPIES && open.length > 0; step++) {
      const name = open.shift()!;
      for (const node of this.consumers(name)) {
        if (node.opType === 'Shape') continue;
        if (PASSES.has(node.opType) && node.inputs[0] === name) open.push(...node.outputs.slice(0, 1));
        else found.push({ node, as: name });
      }
    }
    return found;
  }

  /** Position in topological order: earlier nodes never depend on later ones. */
  position(node: NodeRecord): number {
    return this.#rank.get(node) ?? this.order.length;
  }

  shape(value: string): Shape | null {
    return this.#shapes.get(value) ?? constantSource(this.model, value)?.tensor.dims ?? null;
  }

  /** Whether a value is a weight or a literal that can be read with `readConstant`. */
  isConstant(value: string): boolean {
    const found = this.#constants.get(value);
    if (found !== undefined) return found;
    const constant = constantSource(this.model, value) !== null;
    this.#constants.set(value, constant);
    return constant;
  }

  /** Whether a value is a constant, or is made of constants alone by rearranging, cutting, repeating, dequantizing, multiplying. */
  isWeight(value: string): boolean {
    return this.#isWeight(value, 0);
  }

  #isWeight(value: string, depth: number): boolean {
    if (this.isConstant(value)) return true;
    const found = this.#weights.get(value);
    if (found !== undefined) return found;
    const node = this.producer(value);
    if (!node || depth > MAX_DERIVED) return false;
    this.#weights.set(value, false);
    // Rows picked by a token are an activation; the sizes that a weight is cut or repeated to are not data.
    const data = COMBINES.has(node.opType)
      ? node.inputs
      : DERIVES.has(node.opType)
        ? node.inputs.slice(0, node.opType === 'Gather' ? 2 : 1)
        : [];
    const weight = data.length > 0 && data.every((input) => this.#isWeight(input, depth + 1));
    this.#weights.set(value, weight);
    return weight;
  }

  /** The value itself, seen through copies and casts. */
  plain(value: string): string {
    let name = value;
    for (let step = 0; step < MAX_DERIVED; step++) {
      const node = this.producer(name);
      if (!node || !PASSES.has(node.opType)) return name;
      name = node.inputs[0] ?? '';
    }
    return name;
  }

  scalar(value: string): number | null {
    return readScalar(this.model, value);
  }

  /** The number behind a DequantizeLinear of one constant element, or null. */
  dequantizedScalar(value: string): number | null {
    const node = this.producer(value);
    if (node?.opType !== 'DequantizeLinear') return null;
    const [stored, scale] = [this.scalar(node.inputs[0] ?? ''), this.scalar(node.inputs[1] ?? '')];
    const zero = node.inputs[2] ? this.scalar(node.inputs[2]) : 0;
    return stored === null || scale === null || zero === null ? null : (stored - zero) * scale;
  }

  /** Whether a value holds one element, constant or not (a scale). */
  isSingle(value: string): boolean {
    const shape = this.shape(value);
    return shape?.every((size) => size === 1) ?? false;
  }

  int(node: NodeRecord, name: string, fallback: number): number {
    return readAttributes(this.model.bytes, node).get(name)?.int ?? fallback;
  }

  text(node: NodeRecord, name: string): string | null {
    return readAttributes(this.model.bytes, node).get(name)?.text ?? null;
  }

  /** The elements of a small constant list of integers, or null. */
  integers(value: string): readonly number[] | null {
    const values = constantValues(this.model, value);
    return values?.every((item) => typeof item === 'number') ? values : null;
  }

  ints(node: NodeRecord, name: string): readonly number[] | null {
    return readAttributes(this.model.bytes, node).get(name)?.ints ?? null;
  }

  /** Inputs that carry data: neither left out nor constant. */
  dataInputs(node: NodeRecord): readonly string[] {
    return node.inputs.filter((input) => input !== '' && !this.isConstant(input));
  }
}

/** A node's label for messages and for `Site.node`. */
export function nodeLabel(node: NodeRecord | undefined): string {
  return node ? node.name || (node.outputs[0] ?? '') : '';
}

/** Operators that change neither values nor their order along the last axis in a way that matters to who reads them. */
export const PASSES: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Dropout',
  // Rounding to eight bits and back, between the operators of a quantized model.
  'QuantizeLinear',
  'DequantizeLinear',
]);

/** Operators that only rearrange. */
export const REARRANGES: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
]);
