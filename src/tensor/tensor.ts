/** Element stores a tensor may have. */
export type Store = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint8ClampedArray;

/**
 * A dense row-major tensor whose axes are named in its type, so that swapped axes fail to compile.
 * The last axis varies fastest. `data` may be shared with other tensors: nobody writes to it after construction.
 */
export interface Tensor<
  Axes extends readonly string[] = readonly string[],
  Data extends Store = Float32Array,
> {
  readonly axes: Axes;
  readonly dims: { readonly [K in keyof Axes]: number };
  readonly data: Data;
}

/** Builds a tensor; throws RangeError unless `data.length` is the product of `dims`. */
export function tensor<const Axes extends readonly string[], Data extends Store>(
  axes: Axes,
  dims: { readonly [K in keyof Axes]: number },
  data: Data,
): Tensor<Axes, Data> {
  const sizes: readonly number[] = dims;
  if (sizes.length !== axes.length) {
    throw new RangeError(`tensor: ${axes.length} axes (${axes.join(', ')}) but ${sizes.length} dims`);
  }
  const count = sizes.reduce((product, size) => product * size, 1);
  if (data.length !== count) {
    throw new RangeError(
      `tensor: [${axes.join(', ')}] = [${sizes.join(', ')}] needs ${count} elements, got ${data.length}`,
    );
  }
  return { axes, dims, data };
}

/** A map over image positions: row 0 is the top, column 0 the left; values at pixel centres. */
export type Grid = Tensor<readonly ['y', 'x']>;

/** Builds a {@link Grid} of `height` rows and `width` columns. */
export function grid(height: number, width: number, data: Float32Array): Grid {
  return tensor(['y', 'x'], [height, width], data);
}
