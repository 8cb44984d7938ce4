import type { Tensor } from '../tensor/tensor.ts';

/** A column of the map: one token, or all image tokens together. */
export interface MapColumn {
  readonly key: string;
  readonly label: string;
  readonly kind: 'image' | 'token' | 'answer';
  /** Positions of the sequence that it stands for. */
  readonly positions: readonly number[];
}

export interface MapCell {
  readonly row: number;
  readonly column: number;
  /** Index of the concept most often above the band, -1 for none. */
  readonly concept: number;
  /** Mean figure of that concept over the column's positions; NaN for none. */
  readonly value: number;
}

/**
 * Cells of layers (outer) by columns (inner). A column of several positions shows the concept that is best in most of them, counted among
 * those that show any; what shows none in more than nine of ten says nothing.
 */
export function layoutConceptMap(
  best: readonly (readonly number[])[],
  figures: Tensor<readonly ['layer', 'position', 'concept']>,
  columns: readonly MapColumn[],
): readonly (readonly MapCell[])[] {
  const [, positions, concepts] = figures.dims;
  return best.map((layer, row) =>
    columns.map((entry, column): MapCell => {
      const counts = new Map<number, number>();
      for (const position of entry.positions) {
        const concept = layer[position]!;
        if (concept >= 0) counts.set(concept, (counts.get(concept) ?? 0) + 1);
      }
      const [concept = -1, votes = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
      if (concept < 0 || votes * 10 < entry.positions.length) {
        return { row, column, concept: -1, value: Number.NaN };
      }
      let sum = 0;
      for (const position of entry.positions) {
        sum += figures.data[(row * positions + position) * concepts + concept]!;
      }
      return { row, column, concept, value: sum / entry.positions.length };
    }),
  );
}

/** Mean figure of every concept over a column's positions at one layer. */
export function columnFigures(
  figures: Tensor<readonly ['layer', 'position', 'concept']>,
  layer: number,
  positions: readonly number[],
): readonly number[] {
  const [, length, concepts] = figures.dims;
  return Array.from({ length: concepts }, (_, concept) => {
    let sum = 0;
    for (const position of positions) sum += figures.data[(layer * length + position) * concepts + concept]!;
    return sum / positions.length;
  });
}
