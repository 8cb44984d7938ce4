import type { LayerAttention } from '../../protocol/jobs.ts';
import { tokenMap } from './daam.ts';

export interface Binding {
  readonly site: string;
  readonly head: number;
  /** Pearson correlation of the two words' maps over positions, mean over steps in the maps; -1 to 1. */
  readonly correlation: number;
}

/**
 * Which heads look for two words at the same place (for a colour and its object: which heads bind them): the correlation of their
 * maps, head by head at the layer's own grid, highest first. A word is the mean of its tokens. A flat map correlates with nothing: 0.
 */
export function bindings(
  layers: readonly LayerAttention[],
  first: readonly number[],
  second: readonly number[],
): readonly Binding[] {
  const found = layers.flatMap((layer) =>
    Array.from({ length: layer.pattern.dims[1] }, (_, head) => ({
      site: layer.site,
      head,
      correlation: correlation(wordMap(layer, first, head), wordMap(layer, second, head)),
    })),
  );
  return found.sort((a, b) => b.correlation - a.correlation);
}

function wordMap(layer: LayerAttention, positions: readonly number[], head: number): Float32Array {
  const maps = positions.map((position) => tokenMap(layer, position, { head }).data);
  return maps[0]!.map((_, at) => maps.reduce((sum, map) => sum + map[at]!, 0) / maps.length);
}

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let both = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    both += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return squareA > 0 && squareB > 0 ? both / Math.sqrt(squareA * squareB) : 0;
}
