import { dot, norm } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { row } from './texts.ts';

export interface Found {
  readonly index: number;
  /** -1 to 1. */
  readonly cosine: number;
}

/** Rows by falling cosine with the query, the first `top` of them. Rows and query need not be normalised. */
export function search(
  query: Float32Array,
  table: Tensor<readonly [string, string]>,
  top: number,
): readonly Found[] {
  const length = norm(query);
  const found = Array.from({ length: table.dims[0] }, (_, index): Found => {
    const entry = row(table, index);
    const scale = length * norm(entry);
    return { index, cosine: scale > 0 ? dot(query, entry) / scale : 0 };
  });
  return found.sort((a, b) => b.cosine - a.cosine || a.index - b.index).slice(0, top);
}

/** Share of ranks (counted from 1) that are at most `k`. */
export function recallAt(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank <= k).length / ranks.length;
}
