import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dot } from '../../tensor/statistics.ts';
import { tensor } from '../../tensor/tensor.ts';
import { Random } from '../../world/random.ts';
import { type EmbeddingHead, embed } from './head.ts';
import { type ClsAttention, contribution, headContributions, patchRelevance, readout } from './relevance.ts';

type Golden = {
  readonly [name in
    | 'gamma'
    | 'beta'
    | 'projection'
    | 'text'
    | 'state'
    | 'writes'
    | 'keys'
    | 'dims']: number[];
} & {
  readonly epsilon: number;
  readonly total: number;
  readonly layers: readonly {
    readonly pattern: number[];
    readonly value: number[];
    readonly output: number[];
  }[];
};

const golden: Golden = JSON.parse(
  readFileSync(new URL('../goldens/relevance.json', import.meta.url), 'utf8'),
);
const [, heads, dim, width, embedding, gridHeight, gridWidth] = golden.dims as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
const keys = gridHeight * gridWidth + 1;
const head: EmbeddingHead = {
  gamma: Float32Array.from(golden.gamma),
  beta: Float32Array.from(golden.beta),
  epsilon: golden.epsilon,
  projection: tensor(['width', 'embedding'], [width, embedding], Float32Array.from(golden.projection)),
};
const layers: readonly ClsAttention[] = golden.layers.map(({ pattern, value, output }) => ({
  pattern: tensor(['head', 'key'], [heads, keys], Float32Array.from(pattern)),
  value: tensor(['key', 'head', 'dim'], [keys, heads, dim], Float32Array.from(value)),
  output: tensor(['head', 'dim', 'width'], [heads, dim, width], Float32Array.from(output)),
}));
const state = Float32Array.from(golden.state);
const tower = { layers, head, state, gridHeight, gridWidth, scale: 1 };

describe('text relevance against PyTorch', () => {
  it('equals the decomposition in embedding space, patch by patch', () => {
    const map = patchRelevance(tower, golden.text);
    expect(map.dims).toEqual([gridHeight, gridWidth]);
    // float32 inputs of order 1 through four products.
    golden.keys.slice(1).forEach((value, p) => {
      expect(map.data[p], `patch ${p}`).toBeCloseTo(value, 5);
    });
  });

  it('is complete: keys, biases, MLPs, input embedding and norm bias give the forward pass', () => {
    const reading = readout(state, head, golden.text);
    let total = reading.constant;
    for (const layer of layers)
      total += headContributions(layer, reading).data.reduce((sum, value) => sum + value, 0);
    for (let at = 0; at < golden.writes.length; at += width) {
      total += contribution(golden.writes.slice(at, at + width), reading);
    }
    expect(total).toBeCloseTo(golden.total, 5);
    expect(dot(embed(state, head), golden.text)).toBeCloseTo(golden.total, 5);
  });

  it('scales, and is linear in the text', () => {
    const once = patchRelevance(tower, golden.text).data;
    const scaled = patchRelevance({ ...tower, scale: 2.5 }, golden.text).data;
    const twice = patchRelevance(
      tower,
      golden.text.map((value) => 2 * value),
    ).data;
    once.forEach((value, p) => {
      expect(scaled[p]).toBeCloseTo(2.5 * value, 5);
      expect(twice[p]).toBeCloseTo(2 * value, 5);
    });
  });

  it('names what does not fit', () => {
    expect(() => patchRelevance({ ...tower, gridWidth: 4 }, golden.text)).toThrow(
      'expected CLS and 8 patches',
    );
    expect(() => patchRelevance(tower, golden.text.slice(1))).toThrow('text has 5 values');
  });
});

/** A small tower written here with plain loops: CLS only attends, random weights, one MLP-like write a layer. */
describe('text relevance, closed form on random towers', () => {
  it.each([1, 2, 3, 4])('adds up to the forward pass, seed %i', (seed) => {
    const random = new Random(seed);
    const draw = (count: number): Float32Array =>
      Float32Array.from({ length: count }, () => random.uniform(-1, 1));
    const [H, D, W, E, K] = [3, 2, 7, 4, 6] as const;
    const x = Float64Array.from(draw(W));
    const input = Float64Array.from(x);
    const others: Float64Array[] = [input];
    const made: ClsAttention[] = [];
    for (let l = 0; l < 2; l += 1) {
      const value = draw(K * H * D);
      const output = draw(H * D * W);
      const pattern = new Float32Array(H * K);
      const other = Float64Array.from(draw(W)); // output bias and MLP in one
      for (let h = 0; h < H; h += 1) {
        const weights = draw(K).map((v) => Math.exp(v));
        const sum = weights.reduce((a, b) => a + b, 0);
        for (let k = 0; k < K; k += 1) {
          const p = weights[k]! / sum;
          pattern[h * K + k] = p;
          for (let d = 0; d < D; d += 1) {
            for (let w = 0; w < W; w += 1) {
              x[w] = x[w]! + pattern[h * K + k]! * value[(k * H + h) * D + d]! * output[(h * D + d) * W + w]!;
            }
          }
        }
      }
      for (let w = 0; w < W; w += 1) x[w] = x[w]! + other[w]!;
      others.push(other);
      made.push({
        pattern: tensor(['head', 'key'], [H, K], pattern),
        value: tensor(['key', 'head', 'dim'], [K, H, D], value),
        output: tensor(['head', 'dim', 'width'], [H, D, W], output),
      });
    }
    const end: EmbeddingHead = {
      gamma: draw(W),
      beta: draw(W),
      epsilon: 1e-3,
      projection: tensor(['width', 'embedding'], [W, E], draw(W * E)),
    };
    const text = draw(E);
    const mean = x.reduce((a, b) => a + b, 0) / W;
    const deviation = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / W + end.epsilon);
    let actual = 0;
    for (let w = 0; w < W; w += 1) {
      const normed = ((x[w]! - mean) / deviation) * end.gamma[w]! + end.beta[w]!;
      for (let e = 0; e < E; e += 1) actual += normed * end.projection.data[w * E + e]! * text[e]!;
    }
    const reading = readout(Float32Array.from(x), end, text);
    const map = patchRelevance(
      { layers: made, head: end, state: Float32Array.from(x), gridHeight: 1, gridWidth: K - 1, scale: 1 },
      text,
    );
    let total = reading.constant + map.data.reduce((a, b) => a + b, 0);
    for (const layer of made) {
      const { data } = headContributions(layer, reading);
      for (let h = 0; h < H; h += 1) total += data[h * K]!; // the CLS key
    }
    for (const other of others) total += contribution(other, reading);
    expect(total).toBeCloseTo(actual, 5);
  });
});
