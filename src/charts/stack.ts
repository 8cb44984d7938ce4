/** One part of a stacked bar. */
export interface StackPart {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly colour: string;
}

export interface StackRow {
  readonly key: string;
  readonly label: string;
  readonly parts: readonly StackPart[];
  /** What the same figure is where nothing was learnt; drawn as a grey band from zero. */
  readonly baseline?: number | undefined;
}

export interface StackMark {
  readonly row: StackRow;
  readonly total: number;
  readonly parts: readonly { readonly part: StackPart; readonly x: number; readonly width: number }[];
  /** Length of the grey band; undefined without a baseline. */
  readonly baseline: number | undefined;
}

/**
 * Bars from zero, their parts end to end in the given order, all on one scale: `max`, or the largest total or baseline. Parts of no
 * width are left out. Throws RangeError for a negative value.
 */
export function layoutStack(
  rows: readonly StackRow[],
  size: { readonly width: number },
  max?: number,
): readonly StackMark[] {
  const totals = rows.map(({ key, parts }) =>
    parts.reduce((sum, { value }) => {
      if (value < 0) throw new RangeError(`stack ${key}: negative value ${value}`);
      return sum + value;
    }, 0),
  );
  const full = max ?? Math.max(...totals, ...rows.map(({ baseline }) => baseline ?? 0), 0);
  const scale = full > 0 ? size.width / full : 0;
  return rows.map((row, index) => {
    let x = 0;
    const parts = row.parts
      .filter(({ value }) => value > 0)
      .map((part) => {
        const mark = { part, x, width: part.value * scale };
        x += mark.width;
        return mark;
      });
    return {
      row,
      total: totals[index]!,
      parts,
      baseline: row.baseline === undefined ? undefined : row.baseline * scale,
    };
  });
}
