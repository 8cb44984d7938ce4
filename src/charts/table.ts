import { orderByKeys } from './order-keys.ts';

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
 * the order of `sort`. The sort is stable; what is not a number goes last in either direction. Orders and searched texts are kept for
 * the same `rows` and `columns` objects: neither may be changed. Throws RangeError for an unknown column.
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
  const { filter = '', keep, sort, language } = options;
  const ordered = sort && sortedRows(rows, columns, sort, language);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = words.length > 0 ? searchable(rows, columns) : undefined;
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = ordered ? ordered[i]! : i;
    if (texts && !words.every((word) => texts[row]!.includes(word))) continue;
    if (keep && !keep(rows[row]!)) continue;
    kept[count++] = row;
  }
  return kept.slice(0, count);
}

/** What was made of rows and columns and holds as long as both are the same objects, so that a keystroke only looks. */
interface Prepared {
  texts?: readonly string[];
  readonly orders: Map<string, Uint32Array>;
}

const prepared = new WeakMap<object, WeakMap<object, Prepared>>();

function preparedFor(rows: object, columns: object): Prepared {
  const entries = prepared.get(rows) ?? new WeakMap<object, Prepared>();
  prepared.set(rows, entries);
  const known = entries.get(columns) ?? { orders: new Map<string, Uint32Array>() };
  entries.set(columns, known);
  return known;
}

/** All rows in the order of `sort`; not to be changed. */
function sortedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort,
  language: string | undefined,
): Uint32Array {
  const column = columns.find(({ key }) => key === sort.key);
  if (!column) throw new RangeError(`no column: ${sort.key}`);
  const { orders } = preparedFor(rows, columns);
  const name = `${sort.key} ${sort.direction} ${language ?? ''}`;
  const known = orders.get(name);
  if (known) return known;
  const all = new Uint32Array(rows.length);
  for (let i = 0; i < all.length; i += 1) all[i] = i;
  const keys = column.kind === 'number' ? numberKeys(rows, column) : rankKeys(rows, column, language);
  const made = orderByKeys(all, keys, sort.direction);
  orders.set(name, made);
  return made;
}

/** The text columns of each row as one text; a word cannot run over from one column to the next. */
function searchable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] {
  const known = preparedFor(rows, columns);
  const texts = columns.filter(({ kind }) => kind === 'text');
  known.texts ??= rows.map((row) =>
    texts.reduce((line, { value }) => `${line}\n${value(row)}`, '').toLowerCase(),
  );
  return known.texts;
}

function numberKeys<Row>(rows: readonly Row[], column: Column<Row>): Float64Array {
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) keys[i] = Number(column.value(rows[i]!));
  return keys;
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
