import { type Tensor, tensor } from './tensor.ts';

/** Rows of equal width as one table. Throws RangeError for no rows, unless their width is given. */
export function stack<const Rows extends string, const Columns extends string>(
  axes: readonly [Rows, Columns],
  rows: readonly Float32Array[],
  width: number | undefined = rows[0]?.length,
): Tensor<readonly [Rows, Columns]> {
  if (width === undefined) throw new RangeError('no rows to stack');
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    data.set(row, index * width);
  });
  return tensor(axes, [rows.length, width], data);
}
