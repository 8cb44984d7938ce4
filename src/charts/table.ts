/** One column of a {@link DataTable}; `value` is what it is sorted and searched by. */
export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Numbers sort by size and stand at the right; texts sort by the page's language. */
  readonly kind: 'number' | 'text';
  readonly value: (row: Row) => number | string;
  /** Shown text; default the value itself. */
  readonly format?: (row: Row) => string;
  /** CSS grid width, as `5em` or `minmax(8em, 1fr)`; default `minmax(0, 1fr)`. */
  readonly width?: string;
}

export interface Sort {
  readonly key: string;
  readonly direction: 'ascending' | 'descending';
}

/**
 * Indices of the rows that pass `filter` (every word of it occurs in some text column, upper or lower case alike) and `keep`, in
 * the order of `sort`. The sort is stable; what is not a number goes last in either direction. Throws RangeError for an unknown column.
 */
export function orderRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: {
    readonly filter?: string | undefined;
    readonly keep?: ((row: Row) => boolean) | undefined;
    readonly sort?: Sort | undefined;
    readonly language?: string | undefined;
  } = {},
): Uint32Array {
  const kept = filterRows(rows, columns, options.filter ?? '', options.keep);
  const { sort } = options;
  if (!sort) return kept;
  const column = columns.find(({ key }) => key === sort.key);
  if (!column) throw new RangeError(`no column: ${sort.key}`);
  const keys = column.kind === 'number' ? numberKeys(rows, column) : rankKeys(rows, column, options.language);
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return kept.sort((a, b) => {
    const left = keys[a]!;
    const right = keys[b]!;
    if (left === right) return a - b;
    if (Number.isNaN(left)) return Number.isNaN(right) ? a - b : 1;
    if (Number.isNaN(right)) return -1;
    return left < right ? -sign : sign;
  });
}

function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
  keep: ((row: Row) => boolean) | undefined,
): Uint32Array {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = columns.filter(({ kind }) => kind === 'text');
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (keep && !keep(row)) continue;
    if (words.length > 0) {
      const searched = texts.map(({ value }) => String(value(row)).toLowerCase());
      if (!words.every((word) => searched.some((text) => text.includes(word)))) continue;
    }
    kept[count++] = i;
  }
  return kept.slice(0, count);
}

function numberKeys<Row>(rows: readonly Row[], column: Column<Row>): Float64Array {
  return Float64Array.from(rows, (row) => Number(column.value(row)));
}

/** Texts repeat (a few labels over many units): each distinct one is collated once, rows then compare numbers. */
function rankKeys<Row>(
  rows: readonly Row[],
  column: Column<Row>,
  language: string | undefined,
): Float64Array {
  const texts = rows.map((row) => String(column.value(row)));
  const { compare } = new Intl.Collator(language, { numeric: true });
  const ranks = new Map([...new Set(texts)].sort(compare).map((text, rank) => [text, rank]));
  return Float64Array.from(texts, (text) => ranks.get(text)!);
}

/** The row that a navigation key leads to, from row `at` (-1: none yet); undefined for other keys. `page` is rows in view. */
export function moveRow(key: string, at: number, count: number, page: number): number | undefined {
  if (count === 0) return undefined;
  const target = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }[key];
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target));
}
