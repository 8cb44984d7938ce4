import { type Tensor, tensor } from './tensor.ts';

export interface PrincipalBasis {
  /** Orthonormal rows, the strongest direction first; the largest component of each is positive. */
  readonly directions: Tensor<readonly ['direction', 'column'], Float64Array>;
  /** Sum of squares of the rows along each direction: squared singular values, falling. */
  readonly energy: Float64Array;
}

/**
 * The right singular vectors of a table [row, column], at most `rank` of them and none of energy below 1e-12 of the whole. Not
 * centred: centre the rows first for principal components. Method: the Gram matrix A^T A, factored by Cholesky with
 * pivots into L [column, r], then Jacobi rotations of the small L^T L. Double precision; costs rows x columns^2.
 */
export function principalBasis(table: Tensor<readonly [string, string]>, rank: number): PrincipalBasis {
  const [, columns] = table.dims;
  const factor = pivotedCholesky(gram(table), columns);
  const inner = innerProducts(factor, columns);
  const { values, vectors } = jacobi(inner, factor.length);
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);
  const floor = 1e-12 * values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const kept = order.filter((index) => values[index]! > floor).slice(0, rank);
  const directions = new Float64Array(kept.length * columns);
  kept.forEach((index, direction) => {
    const row = directions.subarray(direction * columns, (direction + 1) * columns);
    factor.forEach((column, k) => {
      const weight = vectors[k * factor.length + index]! / Math.sqrt(values[index]!);
      for (let c = 0; c < columns; c += 1) row[c] = row[c]! + weight * column[c]!;
    });
    orient(row);
  });
  return {
    directions: {
      axes: ['direction', 'column'],
      dims: [kept.length, columns],
      data: directions,
    },
    energy: Float64Array.from(kept, (index) => values[index]!),
  };
}

/** Coordinates of every row along a basis: [row, direction], double precision. */
export function coordinates(
  table: Tensor<readonly [string, string], Float32Array | Float64Array>,
  basis: Tensor<readonly ['direction', 'column'], Float64Array>,
): Tensor<readonly ['row', 'direction'], Float64Array> {
  const [rows, columns] = table.dims;
  const [directions, width] = basis.dims;
  if (width !== columns) throw new RangeError(`a basis of ${width} columns for a table of ${columns}`);
  const out = new Float64Array(rows * directions);
  for (let r = 0; r < rows; r += 1) {
    for (let d = 0; d < directions; d += 1) {
      let sum = 0;
      for (let c = 0; c < columns; c += 1) sum += table.data[r * columns + c]! * basis.data[d * columns + c]!;
      out[r * directions + d] = sum;
    }
  }
  return tensor(['row', 'direction'], [rows, directions], out);
}

function gram({ dims, data }: Tensor<readonly [string, string]>): Float64Array {
  const [rows, columns] = dims;
  const out = new Float64Array(columns * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let i = 0; i < columns; i += 1) {
      const value = data[r * columns + i]!;
      if (value === 0) continue;
      for (let j = i; j < columns; j += 1) {
        out[i * columns + j] = out[i * columns + j]! + value * data[r * columns + j]!;
      }
    }
  }
  for (let i = 0; i < columns; i += 1) {
    for (let j = 0; j < i; j += 1) out[i * columns + j] = out[j * columns + i]!;
  }
  return out;
}

/** Columns of L with G = L L^T up to 1e-14 of the trace; as many as G has rank. */
function pivotedCholesky(matrix: Float64Array, size: number): readonly Float64Array[] {
  const left = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const least = 1e-14 * left.reduce((sum, value) => sum + value, 0);
  const columns: Float64Array[] = [];
  while (columns.length < size) {
    const pivot = left.indexOf(left.reduce((most, value) => Math.max(most, value), 0));
    if (pivot < 0 || !(left[pivot]! > least)) break;
    const root = Math.sqrt(left[pivot]!);
    const column = new Float64Array(size);
    for (let i = 0; i < size; i += 1) {
      let value = matrix[i * size + pivot]!;
      for (const earlier of columns) value -= earlier[i]! * earlier[pivot]!;
      column[i] = value / root;
    }
    columns.push(column);
    for (let i = 0; i < size; i += 1) left[i] = left[i]! - column[i]! ** 2;
    left[pivot] = 0;
  }
  return columns;
}

function innerProducts(columns: readonly Float64Array[], length: number): Float64Array {
  const size = columns.length;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) {
    for (let j = i; j < size; j += 1) {
      let sum = 0;
      for (let k = 0; k < length; k += 1) sum += columns[i]![k]! * columns[j]![k]!;
      out[i * size + j] = sum;
      out[j * size + i] = sum;
    }
  }
  return out;
}

/** Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by cyclic rotations. */
function jacobi(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) vectors[i * size + i] = 1;
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let sweep = 0; sweep < 40; sweep += 1) {
    let largest = 0;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const off = a[p * size + q]!;
        largest = Math.max(largest, Math.abs(off));
        if (Math.abs(off) <= 1e-15 * scale) continue;
        const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cos = 1 / Math.sqrt(t * t + 1);
        rotate(a, size, p, q, cos, t * cos);
        rotateColumns(vectors, size, p, q, cos, t * cos);
      }
    }
    if (largest <= 1e-14 * scale) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), vectors };
}

/** J^T A J for the rotation of axes p and q. */
function rotate(a: Float64Array, size: number, p: number, q: number, cos: number, sin: number): void {
  rotateColumns(a, size, p, q, cos, sin);
  for (let k = 0; k < size; k += 1) {
    const x = a[p * size + k]!;
    const y = a[q * size + k]!;
    a[p * size + k] = cos * x - sin * y;
    a[q * size + k] = sin * x + cos * y;
  }
}

function rotateColumns(a: Float64Array, size: number, p: number, q: number, cos: number, sin: number): void {
  for (let k = 0; k < size; k += 1) {
    const x = a[k * size + p]!;
    const y = a[k * size + q]!;
    a[k * size + p] = cos * x - sin * y;
    a[k * size + q] = sin * x + cos * y;
  }
}

function orient(row: Float64Array): void {
  let peak = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(peak)) peak = value;
  if (peak < 0) for (let i = 0; i < row.length; i += 1) row[i] = -row[i]!;
}
