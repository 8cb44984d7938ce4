/** A Q-Former's queries as maps over the picture. */

import type { ImageFeatures } from '../families/generative/bridge.ts';
import type { QueryMaps } from '../protocol/ask.ts';
import { tensor } from '../tensor/tensor.ts';
import type { SeeingModel } from './generative-model.ts';

/** Of one picture of a batch. Heads averaged, the class token cut off. Null for a bridge without queries. */
export function queryMaps(
  { config: { grid } }: Pick<SeeingModel, 'config'>,
  { maps }: ImageFeatures,
  picture = 0,
): QueryMaps | null {
  const [first] = maps;
  if (!first) return null;
  const [, , queries = 0, keys = 0] = first.dims;
  const patches = grid * grid;
  const skipped = keys - patches;
  const layers = new Float32Array(maps.length * queries * patches);
  maps.forEach(({ dims, data }, layer) => {
    const heads = dims[1] ?? 0;
    for (let head = 0; head < heads; head++) {
      for (let query = 0; query < queries; query++) {
        const from = ((picture * heads + head) * queries + query) * keys + skipped;
        const to = (layer * queries + query) * patches;
        for (let p = 0; p < patches; p++) layers[to + p] = layers[to + p]! + data[from + p]! / heads;
      }
    }
  });
  const mean = new Float32Array(queries * patches);
  layers.forEach((value, i) => {
    mean[i % mean.length] = mean[i % mean.length]! + value / maps.length;
  });
  return {
    maps: tensor(['query', 'y', 'x'], [queries, grid, grid], mean),
    layers: tensor(['layer', 'query', 'y', 'x'], [maps.length, queries, grid, grid], layers),
  };
}
