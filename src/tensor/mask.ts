import { type Tensor, tensor } from './tensor.ts';

/** A yes/no map over pixels: 1 inside, 0 outside. Row 0 is the top. */
export type Mask = Tensor<readonly ['y', 'x'], Uint8Array>;

/** Builds a {@link Mask} of `height` rows and `width` columns; any non-zero byte counts as inside. */
export function mask(height: number, width: number, data: Uint8Array): Mask {
  return tensor(['y', 'x'], [height, width], data);
}

/** Number of pixels inside. */
export function area({ data }: Mask): number {
  let count = 0;
  for (const value of data) if (value !== 0) count += 1;
  return count;
}
