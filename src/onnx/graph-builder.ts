/** Collects appended nodes, inputs and constants under names that carry one prefix. */

import * as element from './element.ts';
import type { Additions, AttributeValue, NodeSpec, TensorSpec, ValueSpec } from './suffix.ts';
import { OnnxError } from './wire.ts';

/** What a feed holds so that the instrumented model computes what the plain one does. */
export type Neutral = 0 | 1 | 'identity' | 'range';

export type AddedInput = {
  /** The name to feed. Every added input must be fed on every run. */
  readonly name: string;
  /** What it is, for the reader: gate, mask, injected, ... */
  readonly role: string;
  readonly type: 'float32' | 'int64' | 'bool';
  /** One name an axis. Any axis may be fed with size 1 (it broadcasts), except those in `exact`. */
  readonly axes: readonly string[];
  /** Axes that must be fed at their full size. */
  readonly exact: readonly string[];
  /** Neutral content: all 0 (false), all 1, identity matrices over the last two axes, or 0, 1, 2, ... */
  readonly neutral: Neutral;
};

const TYPES = { float32: element.FLOAT, int64: element.INT64, bool: element.BOOL } as const;

export class GraphBuilder {
  readonly prefix: string;
  readonly inputs: AddedInput[] = [];
  readonly #nodes: NodeSpec[] = [];
  readonly #initializers: TensorSpec[] = [];
  readonly #outputs: ValueSpec[] = [];
  #count = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Adds a graph input `prefix.role` with free dimensions and returns its name. */
  input(input: Omit<AddedInput, 'name'>): string {
    const name = `${this.prefix}.${input.role}`;
    this.inputs.push({ name, ...input });
    return name;
  }

  /** Adds a node and returns the name of its output: `output`, or a fresh one. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `${this.prefix}.${opType}.${this.#count++}`,
  ): string {
    this.#nodes.push({ opType, inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds a one-dimensional int64 constant and returns its name. */
  integers(values: readonly number[]): string {
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(element.INT64, [values.length], raw);
  }

  /** Adds a float32 scalar and returns its name. */
  scalar(value: number): string {
    return this.#constant(element.FLOAT, [], new Uint8Array(Float32Array.of(value).buffer));
  }

  output(name: string, elementType: number): void {
    this.#outputs.push({ name, elementType, dims: null });
  }

  additions(): Additions {
    return {
      inputs: this.inputs.map(({ name, type, axes }) => ({
        name,
        elementType: TYPES[type],
        dims: axes.map(() => null),
      })),
      outputs: this.#outputs,
      nodes: this.#nodes,
      initializers: this.#initializers,
    };
  }

  #constant(dataType: number, dims: readonly number[], raw: Uint8Array): string {
    const name = `${this.prefix}.constant.${this.#count++}`;
    this.#initializers.push({ name, dataType, dims, raw });
    return name;
  }
}

export type Feed = {
  readonly type: AddedInput['type'];
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Uint8Array;
};

/**
 * The neutral feed of an added input: the instrumented model then computes what the plain one does.
 * @param sizes the size of each axis named in `input.exact`; the other axes get size 1.
 */
export function neutralFeed(input: AddedInput, sizes: Readonly<Record<string, number>> = {}): Feed {
  const dims = input.axes.map((axis) => {
    if (!input.exact.includes(axis)) return 1;
    const size = sizes[axis];
    if (size === undefined) throw new OnnxError('missing', `${input.name} needs the size of axis ${axis}`);
    return size;
  });
  const count = dims.reduce((total, size) => total * size, 1);
  const values = Array.from({ length: count }, (_, index) => neutralAt(input.neutral, index, dims));
  if (input.type === 'int64') return { type: input.type, dims, data: BigInt64Array.from(values, BigInt) };
  const data = input.type === 'bool' ? Uint8Array.from(values) : Float32Array.from(values);
  return { type: input.type, dims, data };
}

function neutralAt(neutral: Neutral, index: number, dims: readonly number[]): number {
  if (neutral === 'range') return index;
  if (neutral !== 'identity') return neutral;
  const columns = dims.at(-1)!;
  const rows = dims.at(-2)!;
  return index % columns === Math.floor(index / columns) % rows ? 1 : 0;
}
