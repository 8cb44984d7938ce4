import { type Tensor, tensor } from '../../tensor/tensor.ts';

/** Activations of a layer's units over image positions. */
export type UnitMaps = Tensor<readonly ['unit', 'y', 'x']>;

/**
 * ViT units as maps: drops the first `skip` tokens (CLS) of states [token, unit] and lays the patches, in reading
 * order, on their grid. A new tensor. Throws RangeError when the patches do not fill the grid.
 */
export function patchUnits(
  states: Tensor<readonly ['token', 'unit']>,
  gridHeight: number,
  gridWidth: number,
  skip = 1,
): UnitMaps {
  const [tokens, units] = states.dims;
  const positions = gridHeight * gridWidth;
  if (tokens !== positions + skip) {
    throw new RangeError(`${tokens} tokens; expected ${skip} and ${gridHeight} x ${gridWidth} patches`);
  }
  const out = new Float32Array(units * positions);
  for (let p = 0; p < positions; p += 1) {
    const at = (p + skip) * units;
    for (let u = 0; u < units; u += 1) out[u * positions + p] = states.data[at + u]!;
  }
  return tensor(['unit', 'y', 'x'], [units, gridHeight, gridWidth], out);
}
