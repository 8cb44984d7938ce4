/** A model with what every site finder asks of it. */

import { readAttributes } from '../attributes.ts';
import { constantSource, type ExternalFiles, readScalar } from '../initializer.ts';
import type { ModelIndex, NodeRecord } from '../model-index.ts';
import { topologicalOrder } from '../order.ts';
import { inferShapes, type Shapes } from '../shapes.ts';
import type { Shape } from '../value-info.ts';

export class Scope {
  readonly model: ModelIndex;
  readonly files: ExternalFiles;
  readonly order: readonly NodeRecord[];
  readonly #rank: ReadonlyMap<NodeRecord, number>;
  readonly #shapes: Shapes;
  readonly #constants = new Map<string, boolean>();

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

  /** Position in topological order: earlier nodes never depend on later ones. */
  position(node: NodeRecord): number {
    return this.#rank.get(node) ?? this.order.length;
  }

  shape(value: string): Shape | null {
    return this.#shapes.get(value) ?? constantSource(this.model, value)?.tensor.dims ?? null;
  }

  /** Whether a value is a weight or a literal. */
  isConstant(value: string): boolean {
    const found = this.#constants.get(value);
    if (found !== undefined) return found;
    const constant = constantSource(this.model, value) !== null;
    this.#constants.set(value, constant);
    return constant;
  }

  scalar(value: string): number | null {
    return readScalar(this.model, value);
  }

  /** Whether a value holds one element, constant or not (a scale). */
  isSingle(value: string): boolean {
    const shape = this.shape(value);
    return shape?.every((size) => size === 1) ?? false;
  }

  int(node: NodeRecord, name: string, fallback: number): number {
    return readAttributes(this.model.bytes, node).get(name)?.int ?? fallback;
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
export const PASSES: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Dropout']);

/** Operators that only rearrange. */
export const REARRANGES: ReadonlySet<string> = new Set([
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
]);
