import { norm } from '../../tensor/statistics.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';

/** Text embeddings in the joint space, one row a concept. */
export type Texts = Tensor<readonly ['text', 'embedding']>;

/** Row `index` of a table, as a view. */
export function row(table: Tensor<readonly [string, string]>, index: number): Float32Array {
  const [rows, width] = table.dims;
  if (!(index >= 0 && index < rows)) throw new RangeError(`no row ${index} (of ${rows})`);
  return table.data.subarray(index * width, (index + 1) * width);
}

/** Mean over rows: the mean text, or a layer's probe mean. Throws RangeError for no rows. */
export function meanRow(table: Tensor<readonly [string, string]>): Float32Array {
  const [rows, width] = table.dims;
  if (rows === 0) throw new RangeError('meanRow: no rows');
  const sums = new Float64Array(width);
  for (let r = 0; r < rows; r += 1) {
    for (let i = 0; i < width; i += 1) sums[i] = sums[i]! + table.data[r * width + i]!;
  }
  return Float32Array.from(sums, (sum) => sum / rows);
}

/** Scales every row to length 1; rows of zeros stay. A new tensor. */
export function normaliseTexts(texts: Texts): Texts {
  const [, width] = texts.dims;
  const out = texts.data.slice();
  for (let r = 0; r < texts.dims[0]; r += 1) {
    const length = norm(row(texts, r));
    if (length > 0) for (let i = 0; i < width; i += 1) out[r * width + i] = out[r * width + i]! / length;
  }
  return tensor(['text', 'embedding'], texts.dims, out);
}

/** text - mean text, for every row: what sets a concept apart. `mean` must come from equally scaled rows. A new tensor. */
export function centreTexts(texts: Texts, mean: Float32Array): Texts {
  const [, width] = texts.dims;
  if (mean.length !== width) throw new RangeError(`mean text has ${mean.length} values, texts ${width}`);
  return tensor(
    ['text', 'embedding'],
    texts.dims,
    texts.data.map((value, i) => value - mean[i % width]!),
  );
}
