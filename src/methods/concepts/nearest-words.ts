/** Which words' directions a state points in. */

import { cosine, quantile } from '../../tensor/statistics.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { shuffle } from '../faithfulness/shuffle.ts';

export type Rows = Tensor<readonly ['row', 'width']>;

export interface WordDirections {
  readonly words: readonly string[];
  /** One row a word. */
  readonly directions: Rows;
}

export interface NearWord {
  readonly text: string;
  readonly cosine: number;
}

/** For each state the `count` words of highest cosine, best first; states and words are each centred by their own mean. */
export function nearestWords(
  states: Rows,
  { words, directions }: WordDirections,
  count: number,
): readonly (readonly NearWord[])[] {
  const table = rowsOf(centred(directions));
  return rowsOf(centred(states)).map((state) =>
    table
      .map((direction, index) => ({ text: words[index]!, cosine: cosine(state, direction) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, count),
  );
}

/**
 * The 95th percentile, over states, of the best cosine once each centred state's values are shuffled: what no meaning reaches.
 * `below(n)` gives a uniform integer in [0, n).
 */
export function shuffledBand(
  states: Rows,
  { directions }: WordDirections,
  below: (bound: number) => number,
): number {
  const table = rowsOf(centred(directions));
  const best = rowsOf(centred(states)).map((state) => {
    shuffle(state, below);
    return Math.max(...table.map((direction) => cosine(state, direction)));
  });
  return quantile(best, 0.95);
}

function centred({ dims: [rows, width], data }: Rows): Rows {
  const mean = new Float64Array(width);
  data.forEach((value, i) => {
    mean[i % width] = mean[i % width]! + value / rows;
  });
  return tensor(
    ['row', 'width'],
    [rows, width],
    data.map((value, i) => value - mean[i % width]!),
  );
}

function rowsOf({ dims: [rows, width], data }: Rows): readonly Float32Array[] {
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
}
