/** The nodes that fused attention operators are spelled out in, appended one by one. */

import * as element from '../element.ts';
import { GraphBuilder } from '../graph-builder.ts';
import type { ModelIndex, NodeRecord } from '../model-index.ts';
import { elementTypeOf } from '../value-type.ts';

/** What an operator cannot be spelled out for; the message says which of its settings. */
export class NotUnfusable extends Error {
  override readonly name = 'NotUnfusable';
}

export class Primitive extends GraphBuilder {
  readonly #type: number;

  constructor(model: ModelIndex, node: NodeRecord) {
    super(`unfused(${node.outputs[0]})`);
    const first = node.inputs[0] ?? '';
    this.#type = elementTypeOf(model, first) || element.FLOAT;
  }

  /** A number in the element type of the operator's data. */
  number(value: number): string {
    return this.like(this.scalar(value));
  }

  /** A value cast to the element type of the operator's data. */
  like(value: string): string {
    return this.#type === element.FLOAT ? value : this.node('Cast', [value], { to: { int: this.#type } });
  }

  integer(value: number): string {
    return this.node('Cast', [this.scalar(value)], { to: { int: element.INT64 } });
  }

  /** [batch, position, head * width] -> [batch, head, position, width] */
  splitHeads(value: string, heads: number): string {
    const split = this.node('Reshape', [value, this.integers([0, 0, heads, -1])]);
    return this.node('Transpose', [split], { perm: { ints: [0, 2, 1, 3] } });
  }

  /** [batch, head, position, width] -> [batch, position, head * width], under the name `output`. */
  mergeHeads(value: string, output: string): string {
    const last = this.node('Transpose', [value], { perm: { ints: [0, 2, 1, 3] } });
    return this.node('Reshape', [last, this.integers([0, 0, -1])], {}, output);
  }

  /** Elements start to end of an axis. */
  slice(value: string, axis: number, start: number, end: number): string {
    return this.node('Slice', [value, this.integers([start]), this.integers([end]), this.integers([axis])]);
  }

  /** The size of an axis as a list of one. */
  size(value: string, axis: number): string {
    return this.node('Gather', [this.node('Shape', [value]), this.integers([axis])]);
  }

  /** A list of one integer as a scalar. */
  scalarOf(list: string): string {
    return this.node('Reshape', [list, this.shapeOf([])]);
  }

  shapeOf(sizes: readonly number[]): string {
    return this.integers(sizes);
  }

  reshape(value: string, sizes: readonly number[]): string {
    return this.node('Reshape', [value, this.integers(sizes)]);
  }

  /** 0, 1, ... count - 1 for a list of one. */
  range(count: string): string {
    return this.node('Range', [this.integer(0), this.scalarOf(count), this.integer(1)]);
  }

  cast(value: string, type: number): string {
    return this.node('Cast', [value], { to: { int: type } });
  }

  concat(values: readonly string[], axis: number, output?: string): string {
    const attributes = { axis: { int: axis } };
    return output === undefined
      ? this.node('Concat', values, attributes)
      : this.node('Concat', values, attributes, output);
  }
}
