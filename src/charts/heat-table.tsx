import { format as numberFormat } from 'd3-format';
import { useMemo, useState } from 'react';
import type { Grid } from '../tensor/tensor.ts';
import { coarsen } from './coarse.ts';
import styles from './heat.module.css';

export interface HeatTableProps {
  readonly heat: Grid;
  readonly texts: {
    /** On the disclosure. */
    readonly summary: string;
    readonly caption: string;
    /** Heads, counted from 1, as "row 3". */
    readonly row: (number: number) => string;
    readonly column: (number: number) => string;
  };
  /** At most this many rows and columns, means of their areas; default 8. */
  readonly cells?: number;
  readonly format?: (value: number) => string;
}

const short = numberFormat('.3~g');

/** A heatmap in figures, behind a disclosure; the table is made when it opens. */
export function HeatTable({ heat, texts, cells = 8, format = short }: HeatTableProps) {
  const [open, setOpen] = useState(false);
  const coarse = useMemo(() => (open ? coarsen(heat, cells, cells) : undefined), [heat, cells, open]);
  return (
    <details className={styles.table} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.summary}</summary>
      {coarse && (
        <div className={styles.scroll}>
          <table>
            <caption>{texts.caption}</caption>
            <thead>
              <tr>
                <td />
                {numbers(coarse.dims[1]).map((column) => (
                  <th key={column} scope="col">
                    {texts.column(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {numbers(coarse.dims[0]).map((row) => (
                <tr key={row}>
                  <th scope="row">{texts.row(row)}</th>
                  {numbers(coarse.dims[1]).map((column) => (
                    <td key={column}>
                      {format(coarse.data[(row - 1) * coarse.dims[1] + column - 1] ?? Number.NaN)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** 1 to `count`. */
function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
