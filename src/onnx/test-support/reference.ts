/** Attention computed with loops from weights and a hidden state: the independent road to a tapped value. */

import { type ExternalFiles, readConstant } from '../initializer.ts';
import type { ModelIndex } from '../model-index.ts';
import type { Linear } from '../sites/linear.ts';

/** Row-major [rows, columns]. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly data: Float64Array };

export function matrix(rows: number, columns: number, data: ArrayLike<number>): Matrix {
  if (data.length !== rows * columns) throw new Error(`${data.length} values for ${rows} x ${columns}`);
  return { rows, columns, data: Float64Array.from(data) };
}

/** x W + b for each row of x, with the weights of a located linear layer. */
export function applyLinear(model: ModelIndex, linear: Linear, x: Matrix, files?: ExternalFiles): Matrix {
  const weight = readConstant(model, linear.weight, files)!;
  const bias = linear.bias === null ? null : readConstant(model, linear.bias, files)!;
  const [first = 0, second = 0] = weight.dims;
  const width = linear.layout === 'in-out' ? second : first;
  const { start, end } = linear.columns ?? { start: 0, end: width };
  const result = new Float64Array(x.rows * (end - start));
  for (let row = 0; row < x.rows; row++) {
    for (let column = start; column < end; column++) {
      let sum = bias ? Number(bias.data[column]) : 0;
      for (let inner = 0; inner < x.columns; inner++) {
        const at = linear.layout === 'in-out' ? inner * second + column : column * second + inner;
        sum += x.data[row * x.columns + inner]! * Number(weight.data[at]);
      }
      result[row * (end - start) + column - start] = sum;
    }
  }
  return { rows: x.rows, columns: end - start, data: result };
}

/** Pattern [head, query, key] of one batch row: softmax(q k^T / sqrt(head size)), causal or not. */
export function attentionPattern(q: Matrix, k: Matrix, heads: number, causal: boolean): Float64Array {
  const size = q.columns / heads;
  const pattern = new Float64Array(heads * q.rows * k.rows);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < q.rows; query++) {
      const seen = causal ? query + 1 : k.rows;
      const scores = Array.from({ length: seen }, (_, key) => {
        let sum = 0;
        for (let c = 0; c < size; c++) {
          sum += q.data[query * q.columns + head * size + c]! * k.data[key * k.columns + head * size + c]!;
        }
        return sum / Math.sqrt(size);
      });
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      scores.forEach((score, key) => {
        pattern[(head * q.rows + query) * k.rows + key] = Math.exp(score - top) / total;
      });
    }
  }
  return pattern;
}

/** Heads' outputs side by side, [query, head * size], from a pattern [head, query, key] and values [key, head * size]. */
export function weightValues(pattern: ArrayLike<number>, v: Matrix, heads: number, queries: number): Matrix {
  const size = v.columns / heads;
  const data = new Float64Array(queries * v.columns);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < queries; query++) {
      for (let key = 0; key < v.rows; key++) {
        const weight = pattern[(head * queries + query) * v.rows + key]!;
        for (let c = 0; c < size; c++) {
          const at = head * size + c;
          data[query * v.columns + at] =
            data[query * v.columns + at]! + weight * v.data[key * v.columns + at]!;
        }
      }
    }
  }
  return { rows: queries, columns: v.columns, data };
}
