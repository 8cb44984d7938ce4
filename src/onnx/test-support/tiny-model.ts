/** Small transformers in the many spellings of exporters, built node by node, for tests that run them. */

import * as element from '../element.ts';
import {
  type AttributeValue,
  encodeSuffix,
  type NodeSpec,
  type TensorSpec,
  type ValueSpec,
} from '../suffix.ts';
import { WireWriter } from '../wire.ts';

/** Sizes all differ, so that a swapped axis shows. */
export const TINY = {
  batch: 2,
  tokens: 5,
  context: 7,
  width: 12,
  contextWidth: 6,
  heads: 3,
  hidden: 20,
} as const;

export type TinyOptions = {
  readonly blocks?: number;
  /** Heads as an axis, folded into the batch, an axis with one packed projection (GPT-2), in Einsums, or one product a head. */
  readonly layout?: 'axis' | 'folded' | 'packed' | 'einsum' | 'per-head';
  readonly mask?: 'none' | 'trilu' | 'constant' | 'where';
  readonly activation?:
    | 'quick-gelu'
    | 'gelu'
    | 'gelu-half-first'
    | 'gelu-tanh'
    | 'gelu-operator'
    | 'silu'
    | 'relu';
  readonly gated?: boolean;
  readonly norm?: 'operator' | 'spelled';
  /** Where(IsNaN(p), 0, p) after the softmax. */
  readonly guarded?: boolean;
  /** A cross attention to the input `context` in every block. */
  readonly cross?: boolean;
  /** Weights as float16 behind a Cast. */
  readonly halfWeights?: boolean;
  readonly opset?: number;
};

/** Graph inputs: `hidden` [batch, tokens, width] and, with cross attention, `context`. Output: `result`. */
export function tinyTransformer(options: TinyOptions = {}): Uint8Array {
  const graph = new TinyGraph(options);
  let value = 'hidden';
  for (let block = 0; block < (options.blocks ?? 2); block++) {
    value = graph.attention(value, null);
    if (options.cross) value = graph.attention(value, 'context');
    value = graph.mlp(value);
  }
  return graph.finish(value);
}

class TinyGraph {
  readonly #options: TinyOptions;
  readonly #opset: number;
  readonly #nodes: NodeSpec[] = [];
  readonly #initializers: TensorSpec[] = [];
  #count = 0;
  #seed = 1;

  constructor(options: TinyOptions) {
    this.#options = options;
    this.#opset = options.opset ?? 17;
  }

  finish(value: string): Uint8Array {
    this.node('Identity', [value], {}, 'result');
    const float = (name: string, dims: ValueSpec['dims']): ValueSpec => ({
      name,
      elementType: element.FLOAT,
      dims,
    });
    const inputs = [float('hidden', ['batch', TINY.tokens, TINY.width])];
    if (this.#options.cross) inputs.push(float('context', ['batch', TINY.context, TINY.contextWidth]));
    const outputs = [float('result', ['batch', TINY.tokens, TINY.width])];
    const writer = new WireWriter();
    writer.varint(1, 8);
    writer.message(8, (opset) => opset.varint(2, this.#opset));
    writer.raw(encodeSuffix({ inputs, outputs, nodes: this.#nodes, initializers: this.#initializers }));
    return writer.finish();
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `v${this.#count++}`,
  ): string {
    this.#nodes.push({ opType, inputs, outputs: [output], name: `n_${output}`, attributes });
    return output;
  }

  #float(dims: readonly number[], values: readonly number[]): string {
    const name = `w${this.#count++}`;
    const raw = new Uint8Array(Float32Array.from(values).buffer);
    this.#initializers.push({ name, dataType: element.FLOAT, dims, raw });
    return name;
  }

  #scalar(value: number): string {
    return this.#float([], [value]);
  }

  #ints(...values: number[]): string {
    const name = `i${this.#count++}`;
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.push({ name, dataType: element.INT64, dims: [values.length], raw });
    return name;
  }

  /** Seeded values of about unit variance after a product over the first dimension. */
  #weight(...dims: number[]): string {
    const count = dims.reduce((a, b) => a * b, 1);
    const scale = dims.length > 1 ? 1.7 / Math.sqrt(dims[0]!) : 0.3;
    const values = Array.from({ length: count }, () => {
      this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
      return (this.#seed / 2 ** 32 - 0.5) * 2 * scale;
    });
    if (!this.#options.halfWeights) return this.#float(dims, values);
    // Multiples of 1/64 below 1 in size are exact halves.
    const rounded = values.map((value) => Math.round(value * 64) / 64);
    const name = `h${this.#count++}`;
    const raw = new Uint8Array(Uint16Array.from(rounded, exactHalf).buffer);
    this.#initializers.push({ name, dataType: element.FLOAT16, dims, raw });
    return this.node('Cast', [name], { to: { int: element.FLOAT } });
  }

  #linear(value: string, from: number, to: number): string {
    return this.node('Add', [this.node('MatMul', [value, this.#weight(from, to)]), this.#weight(to)]);
  }

  #norm(value: string): string {
    const scale = this.#weight(TINY.width);
    const bias = this.#weight(TINY.width);
    if (this.#options.norm !== 'spelled') {
      return this.node('LayerNormalization', [value, scale, bias], {
        axis: { int: -1 },
        epsilon: { float: 1e-5 },
      });
    }
    const axes = { axes: { ints: [-1] }, keepdims: { int: 1 } };
    const centred = this.node('Sub', [value, this.node('ReduceMean', [value], axes)]);
    const variance = this.node('ReduceMean', [this.node('Pow', [centred, this.#scalar(2)])], axes);
    const root = this.node('Sqrt', [this.node('Add', [variance, this.#scalar(1e-5)])]);
    return this.node('Add', [this.node('Mul', [this.node('Div', [centred, root]), scale]), bias]);
  }

  #heads(value: string, count: number, perm: readonly number[]): string {
    const split = this.node('Reshape', [value, this.#ints(0, count, TINY.heads, TINY.width / TINY.heads)]);
    return this.node('Transpose', [split], { perm: { ints: perm } });
  }

  attention(stream: string, context: string | null): string {
    const { width, heads, tokens } = TINY;
    const source = this.#norm(stream);
    const keys = context ?? source;
    const keyCount = context ? TINY.context : tokens;
    const keyWidth = context ? TINY.contextWidth : width;
    let q: string;
    let k: string;
    let v: string;
    if (this.#options.layout === 'packed' && !context) {
      const packed = this.#linear(source, width, 3 * width);
      [q, k, v] = [`q${this.#count}`, `k${this.#count}`, `v_${this.#count}`];
      this.#nodes.push({
        opType: 'Split',
        inputs: [packed, this.#ints(width, width, width)],
        outputs: [q, k, v],
        attributes: { axis: { int: -1 } },
      });
    } else {
      q = this.#linear(source, width, width);
      k = this.#linear(keys, keyWidth, width);
      v = this.#linear(keys, keyWidth, width);
    }
    const size = width / heads;
    if (this.#options.layout === 'einsum') return this.#einsum(stream, q, k, v, keyCount);
    q = this.node('Mul', [this.#heads(q, tokens, [0, 2, 1, 3]), this.#scalar(1 / Math.sqrt(size))]);
    v = this.#heads(v, keyCount, [0, 2, 1, 3]);
    k = this.#heads(k, keyCount, this.#options.layout === 'folded' ? [0, 2, 1, 3] : [0, 2, 3, 1]);
    if (this.#options.layout === 'per-head') return this.#perHead(stream, q, k, v);
    if (this.#options.layout === 'folded') {
      q = this.node('Reshape', [q, this.#ints(-1, tokens, size)]);
      k = this.node('Transpose', [this.node('Reshape', [k, this.#ints(-1, keyCount, size)])], {
        perm: { ints: [0, 2, 1] },
      });
      v = this.node('Reshape', [v, this.#ints(-1, keyCount, size)]);
    }
    let scores = this.node('MatMul', [q, k]);
    if (!context) scores = this.#masked(scores);
    let pattern = this.node('Softmax', [scores], { axis: { int: -1 } });
    if (this.#options.guarded) {
      pattern = this.node('Where', [this.node('IsNaN', [pattern]), this.#scalar(0), pattern]);
    }
    let z = this.node('MatMul', [pattern, v]);
    if (this.#options.layout === 'folded') z = this.node('Reshape', [z, this.#ints(-1, heads, tokens, size)]);
    const joined = this.node('Reshape', [
      this.node('Transpose', [z], { perm: { ints: [0, 2, 1, 3] } }),
      this.#ints(0, 0, width),
    ]);
    return this.node('Add', [stream, this.#linear(joined, width, width)]);
  }

  #einsum(stream: string, q: string, k: string, v: string, keyCount: number): string {
    const { width, heads, tokens } = TINY;
    const split = (value: string, count: number) =>
      this.node('Reshape', [value, this.#ints(0, count, heads, width / heads)]);
    const einsum = (left: string, right: string, text: string) =>
      this.node('Einsum', [left, right], { equation: { text } });
    const scaled = this.node('Mul', [split(q, tokens), this.#scalar(Math.sqrt(heads / width))]);
    const scores = einsum(scaled, split(k, keyCount), 'bqhd,bkhd->bhqk');
    const pattern = this.node('Softmax', [scores], { axis: { int: -1 } });
    const z = einsum(pattern, split(v, keyCount), 'bhqk,bkhd->bqhd');
    const joined = this.node('Reshape', [z, this.#ints(0, 0, width)]);
    return this.node('Add', [stream, this.#linear(joined, width, width)]);
  }

  #perHead(stream: string, q: string, k: string, v: string): string {
    const { width, heads } = TINY;
    const outputs = Array.from({ length: heads }, (_, head) => {
      const of = (value: string) => {
        const one = this.node('Gather', [value, this.#ints(head)], { axis: { int: 1 } });
        return this.node('Squeeze', [one, this.#ints(1)]);
      };
      const pattern = this.node('Softmax', [this.node('MatMul', [of(q), of(k)])], { axis: { int: -1 } });
      return this.node('MatMul', [pattern, of(v)]);
    });
    const joined = this.node('Concat', outputs, { axis: { int: -1 } });
    return this.node('Add', [stream, this.#linear(joined, width, width)]);
  }

  #masked(scores: string): string {
    const { tokens } = TINY;
    const above = (row: number, column: number) => column > row;
    const grid = (value: (row: number, column: number) => number) =>
      Array.from({ length: tokens * tokens }, (_, at) => value(Math.floor(at / tokens), at % tokens));
    const hidden = -1e9;
    switch (this.#options.mask ?? 'none') {
      case 'none':
        return scores;
      case 'constant':
        return this.node('Add', [
          scores,
          this.#float(
            [tokens, tokens],
            grid((r, c) => (above(r, c) ? hidden : 0)),
          ),
        ]);
      case 'trilu': {
        const filled = this.node('Expand', [this.#scalar(hidden), this.#ints(tokens, tokens)]);
        const one = `i${this.#count++}`;
        const raw = new Uint8Array(BigInt64Array.of(1n).buffer);
        this.#initializers.push({ name: one, dataType: element.INT64, dims: [], raw });
        return this.node('Add', [this.node('Trilu', [filled, one], { upper: { int: 1 } }), scores]);
      }
      case 'where': {
        const seen = this.#float(
          [tokens, tokens],
          grid((r, c) => (above(r, c) ? 0 : 1)),
        );
        const condition = this.node('Cast', [seen], { to: { int: element.BOOL } });
        return this.node('Where', [condition, scores, this.#scalar(hidden)]);
      }
    }
  }

  mlp(stream: string): string {
    const { width, hidden } = TINY;
    const source = this.#norm(stream);
    const pre = this.#linear(source, width, hidden);
    let post = this.#activate(pre);
    if (this.#options.gated) post = this.node('Mul', [this.#linear(source, width, hidden), post]);
    return this.node('Add', [this.#linear(post, hidden, width), stream]);
  }

  #activate(x: string): string {
    const half = this.#scalar(0.5);
    const one = this.#scalar(1);
    switch (this.#options.activation ?? 'quick-gelu') {
      case 'relu':
        return this.node('Relu', [x]);
      case 'silu':
        return this.node('Mul', [x, this.node('Sigmoid', [x])]);
      case 'quick-gelu':
        return this.node('Mul', [x, this.node('Sigmoid', [this.node('Mul', [x, this.#scalar(1.702)])])]);
      case 'gelu-operator':
        return this.node('Gelu', [x]);
      case 'gelu':
      case 'gelu-half-first': {
        const erf = this.node('Erf', [this.node('Div', [x, this.#scalar(Math.SQRT2)])]);
        const raised = this.node('Add', [erf, one]);
        return this.#options.activation === 'gelu'
          ? this.node('Mul', [this.node('Mul', [x, raised]), half])
          : this.node('Mul', [this.node('Mul', [half, x]), raised]);
      }
      case 'gelu-tanh': {
        const cube = this.node('Mul', [this.node('Pow', [x, this.#scalar(3)]), this.#scalar(0.044715)]);
        const inner = this.node('Mul', [this.node('Add', [x, cube]), this.#scalar(Math.sqrt(2 / Math.PI))]);
        return this.node('Mul', [
          this.node('Mul', [x, half]),
          this.node('Add', [one, this.node('Tanh', [inner])]),
        ]);
      }
    }
  }
}

/** The half of a number that is a multiple of 1/64 and below 16 in size. */
function exactHalf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const mantissa = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | mantissa;
}
