import { type KeyboardEvent, useRef, useState } from 'react';
import styles from './concept-grid.module.css';
import type { MapCell, MapColumn } from './concept-map.ts';
import { step } from './layers.ts';

export interface ConceptGridProps {
  readonly cells: readonly (readonly MapCell[])[];
  readonly columns: readonly MapColumn[];
  readonly concepts: readonly string[];
  readonly texts: {
    readonly caption: string;
    readonly layer: (number: number) => string;
    /** Said of a cell that holds none of the concepts. */
    readonly nothing: string;
  };
  readonly format: (value: number) => string;
  readonly selected?: { readonly row: number; readonly column: number } | undefined;
  readonly onSelect: (row: number, column: number) => void;
}

/** Which concept each token holds at each layer: a table of named cells, the deepest layer at the bottom. */
export function ConceptGrid(props: ConceptGridProps) {
  const { cells, columns, concepts, texts, format, selected, onSelect } = props;
  const [focus, setFocus] = useState({ concept: 0, layer: 0 });
  const table = useRef<HTMLTableElement>(null);
  const home = {
    row: Math.min(focus.concept, cells.length - 1),
    column: Math.min(focus.layer, columns.length - 1),
  };

  function onKeyDown(event: KeyboardEvent, cell: MapCell) {
    const next = step(
      event.key,
      { concept: cell.row, layer: cell.column },
      { concepts: cells.length, layers: columns.length },
    );
    if (!next) return;
    event.preventDefault();
    setFocus(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.concept},${next.layer}"]`)?.focus();
  }

  return (
    <div className={styles.scroll}>
      <table ref={table} className={styles.grid}>
        <caption className={styles.hidden}>{texts.caption}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column.key} scope="col" data-kind={column.kind}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, at) => (
            <tr key={texts.layer(at + 1)}>
              <th scope="row">{texts.layer(at + 1)}</th>
              {row.map((cell) => {
                const concept = concepts[cell.concept];
                return (
                  <td key={columns[cell.column]?.key}>
                    <button
                      type="button"
                      className={styles.cell}
                      data-at={`${cell.row},${cell.column}`}
                      data-nothing={concept === undefined}
                      tabIndex={cell.row === home.row && cell.column === home.column ? 0 : -1}
                      aria-pressed={selected?.row === cell.row && selected.column === cell.column}
                      title={concept === undefined ? texts.nothing : `${concept} ${format(cell.value)}`}
                      onClick={() => {
                        setFocus({ concept: cell.row, layer: cell.column });
                        onSelect(cell.row, cell.column);
                      }}
                      onKeyDown={(event) => onKeyDown(event, cell)}
                    >
                      {concept === undefined ? (
                        <>
                          <span aria-hidden="true">·</span>
                          <span className={styles.hidden}>{texts.nothing}</span>
                        </>
                      ) : (
                        <>
                          {isColour(concept) && (
                            <span className={styles.dot} style={{ background: concept }} aria-hidden="true" />
                          )}
                          {concept}
                        </>
                      )}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A concept that names a colour is shown with it. */
function isColour(concept: string): boolean {
  return typeof CSS !== 'undefined' && CSS.supports('color', concept);
}
