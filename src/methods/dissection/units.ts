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

/**
 * Units of queries that look at places, as maps: each place holds the mean of the queries' states, weighted by how much of what
 * looks there is theirs. `looks` is [query, y, x], at least 0. Places that nothing looks at hold 0. A new tensor.
 */
export function lookedAt(
  states: Tensor<readonly ['token', 'unit']>,
  looks: Tensor<readonly ['query', 'y', 'x']>,
): UnitMaps {
  const [tokens, units] = states.dims;
  const [queries, height, width] = looks.dims;
  if (tokens !== queries) throw new RangeError(`${tokens} tokens for ${queries} queries`);
  const places = height * width;
  const out = new Float32Array(units * places);
  for (let place = 0; place < places; place += 1) {
    let total = 0;
    for (let query = 0; query < queries; query += 1) total += looks.data[query * places + place]!;
    if (total === 0) continue;
    for (let query = 0; query < queries; query += 1) {
      const share = looks.data[query * places + place]! / total;
      for (let unit = 0; unit < units; unit += 1) {
        const at = unit * places + place;
        out[at] = out[at]! + share * states.data[query * units + unit]!;
      }
    }
  }
  return tensor(['unit', 'y', 'x'], [units, height, width], out);
}
