/** What every fused operator's rule reads: its inputs, outputs, attributes and the shapes of its values. */

import { type Attribute, readAttributes } from '../attributes.ts';
import type { ModelIndex, NodeRecord } from '../model-index.ts';
import type { Shapes } from '../shapes.ts';
import type { Shape } from '../value-info.ts';
import { NotUnfusable } from './primitive.ts';

export class Settings {
  readonly node: NodeRecord;
  readonly #attributes: ReadonlyMap<string, Attribute>;
  readonly #model: ModelIndex;
  readonly #shapes: Shapes;

  constructor(model: ModelIndex, node: NodeRecord, shapes: Shapes) {
    this.node = node;
    this.#model = model;
    this.#shapes = shapes;
    this.#attributes = readAttributes(model.bytes, node);
  }

  /** The name of an input, '' when it is left out. */
  input(index: number): string {
    return this.node.inputs[index] ?? '';
  }

  output(index: number): string {
    return this.node.outputs[index] ?? '';
  }

  int(name: string, fallback: number): number {
    return this.#attributes.get(name)?.int ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.#attributes.get(name)?.float ?? fallback;
  }

  ints(name: string): readonly number[] {
    return this.#attributes.get(name)?.ints ?? [];
  }

  shape(value: string): Shape | null {
    return this.#shapes.get(value) ?? this.#model.initializers.get(value)?.dims ?? null;
  }

  rank(value: string): number | null {
    return this.shape(value)?.length ?? null;
  }

  /** @throws NotUnfusable when the size of the last axis is not known. */
  width(value: string, what: string): number {
    const size = this.shape(value)?.at(-1);
    if (typeof size !== 'number' || size < 1) throw new NotUnfusable(`the width of its ${what} is not known`);
    return size;
  }

  /** @throws NotUnfusable for a setting that is not the one that can be spelled out. */
  require(fits: boolean, what: string): void {
    if (!fits) throw new NotUnfusable(what);
  }

  /** The number of heads. @throws NotUnfusable when the operator does not say. */
  heads(name: string): number {
    const heads = this.int(name, 0);
    if (heads < 1) throw new NotUnfusable(`${name} is not given`);
    return heads;
  }

  /** The scale, null for the usual one. */
  scale(): number | null {
    const scale = this.float('scale', 0);
    return scale === 0 ? null : scale;
  }
}
