/** The rows of the data check: what each pair is worth, in words that can be sorted and filtered. */

import type { Collection } from '../protocol/concepts.ts';
import type { ShelfItem } from './shelf.ts';

export interface PairRow {
  readonly pair: number;
  readonly name: string;
  readonly caption: string;
  readonly alignment: number;
  readonly cosine: number;
  readonly captionRank: number;
  readonly pictureRank: number;
  /** Below what pairs put together at random reach. */
  readonly mismatch: boolean;
  /** The caption that fits better, where another one does. */
  readonly better: string | undefined;
  /** Name of the near-duplicate. */
  readonly twin: string | undefined;
  readonly sameCaption: boolean;
}

/** From this cosine on two pictures count as copies of each other. */
export const TWIN = 0.995;

export function pairRows(collection: Collection, items: readonly ShelfItem[]): readonly PairRow[] {
  const seen = new Map<string, number>();
  for (const { caption } of items) seen.set(caption, (seen.get(caption) ?? 0) + 1);
  return collection.pairs.map((pair, index) => {
    const { name, caption } = items[index]!;
    const better = items[pair.better]?.caption;
    return {
      pair: index,
      name,
      caption,
      alignment: pair.alignment,
      cosine: pair.cosine,
      captionRank: pair.captionRank,
      pictureRank: pair.pictureRank,
      mismatch: pair.alignment < collection.chance.high,
      better: better !== caption ? better : undefined,
      twin: pair.twinCosine >= TWIN ? items[pair.twin]?.name : undefined,
      sameCaption: caption !== '' && (seen.get(caption) ?? 0) > 1,
    };
  });
}

export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Equal bins over the whole range of values; the last one holds its upper end. */
export function histogram(values: readonly number[], bins: number): readonly Bin[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = counts[bin]! + 1;
  }
  return counts.map((count, bin) => ({ low: low + bin * width, high: low + (bin + 1) * width, count }));
}

/** How many of the pairs changed on purpose stand among as many worst ones. */
export function foundAmongWorst(rows: readonly PairRow[], changed: readonly number[]): number {
  const worst = [...rows].sort((a, b) => a.alignment - b.alignment).slice(0, changed.length);
  const wanted = new Set(changed);
  return worst.filter(({ pair }) => wanted.has(pair)).length;
}
