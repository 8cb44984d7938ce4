import { type Grid, grid } from '../tensor/tensor.ts';

/** A unit's activation where it fires; elsewhere 0, which is drawn as no heat at all. */
export function aboveThreshold(activation: Grid, threshold: number): Grid {
  const [height, width] = activation.dims;
  return grid(
    height,
    width,
    activation.data.map((value) => (value > threshold ? value : 0)),
  );
}
