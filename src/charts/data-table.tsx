// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in view do not exist, so a grid by roles it is
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import styles from './data-table.module.css';
import { type Column, moveRow, orderRows, type Sort } from './table.ts';

export interface DataTableColumn<Row> extends Column<Row> {
  /** Drawn instead of the text, as a category's dot beside it. */
  readonly render?: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  readonly rows: readonly Row[];
  /** Keep the same array between renders: rows are sorted again when it changes. */
  readonly columns: readonly DataTableColumn<Row>[];
  readonly rowKey: (row: Row) => string | number;
  /** Accessible name. */
  readonly label: string;
  /** Shown when no row is left. */
  readonly empty: string;
  /** Words that must occur in the text columns. */
  readonly filter?: string | undefined;
  /** Further condition; keep the same function between renders. */
  readonly keep?: ((row: Row) => boolean) | undefined;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** Key of the opened row. */
  readonly selected?: string | number | undefined;
  /** A row was clicked, or Enter or Space pressed on it. */
  readonly onActivate?: (row: Row) => void;
  /** Number of rows left after filtering. */
  readonly onCount?: (count: number) => void;
  /** BCP 47 tag for sorting texts. */
  readonly language?: string | undefined;
  /** CSS pixels; default 32 and 420. */
  readonly rowHeight?: number;
  readonly height?: number;
  /** CSS length below which the table scrolls sideways instead of squeezing its columns. */
  readonly minWidth?: string;
}

/** A table of any length: fixed head, sorted and filtered by index, only the rows in view in the document. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, label, empty, filter, keep, sort, onSort, selected } = props;
  const { onActivate, onCount, language, rowHeight = 32, height = 420, minWidth } = props;
  const order = useMemo(
    () => orderRows(rows, columns, { filter, keep, sort, language }),
    [rows, columns, filter, keep, sort, language],
  );
  const [active, setActive] = useState(-1);
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // The fixed head covers the top of the view.
    scrollPaddingStart: rowHeight,
    scrollMargin: rowHeight,
  });
  useEffect(() => onCount?.(order.length), [order, onCount]);
  const template = columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
  const current = Math.min(active, order.length - 1);

  function onKeyDown(event: KeyboardEvent) {
    // Keys on the head's buttons are theirs.
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 2);
    const next = moveRow(event.key, current, order.length, page);
    if (next !== undefined) {
      setActive(next);
      virtual.scrollToIndex(next);
    } else if ((event.key === 'Enter' || event.key === ' ') && current >= 0) {
      onActivate?.(rows[order[current]!]!);
    } else return;
    event.preventDefault();
  }

  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={order.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
      className={styles.table}
      style={{ height }}
      onKeyDown={onKeyDown}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and points at its active row */}
      <div
        role="row"
        aria-rowindex={1}
        className={styles.head}
        style={{ gridTemplateColumns: template, height: rowHeight, minWidth }}
      >
        {columns.map((column) => {
          const sorted = sort?.key === column.key ? sort.direction : undefined;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the button inside of it is
            <div
              key={column.key}
              role="columnheader"
              aria-sort={sorted ?? 'none'}
              className={styles.headCell}
              data-kind={column.kind}
            >
              <button type="button" onClick={() => onSort?.(turned(column, sorted))}>
                {column.label}
                <span aria-hidden="true" className={styles.arrow}>
                  {sorted === 'ascending' ? '▲' : sorted === 'descending' ? '▼' : ''}
                </span>
              </button>
            </div>
          );
        })}
      </div>
      {order.length === 0 && <p className={styles.empty}>{empty}</p>}
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize(), minWidth }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[order[index]!]!;
          const key = rowKey(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of its active row
            // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and points at its active row
            <div
              key={key}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={key === selected}
              data-active={index === current}
              className={styles.row}
              style={{
                gridTemplateColumns: template,
                height: rowHeight,
                transform: `translateY(${start - rowHeight}px)`,
              }}
              onClick={() => {
                setActive(index);
                onActivate?.(row);
              }}
            >
              {columns.map((column) => (
                // biome-ignore lint/a11y/useFocusableInteractive: cells are read, not entered
                <div key={column.key} role="gridcell" className={styles.cell} data-kind={column.kind}>
                  {column.render?.(row) ?? column.format?.(row) ?? column.value(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The first click puts the large numbers and the early letters on top, the next one turns that round. */
function turned<Row>(column: Column<Row>, sorted: Sort['direction'] | undefined): Sort {
  const first = column.kind === 'number' ? 'descending' : 'ascending';
  const second = first === 'descending' ? 'ascending' : 'descending';
  return { key: column.key, direction: sorted === first ? second : first };
}
