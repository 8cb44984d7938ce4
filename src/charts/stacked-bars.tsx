import { useMemo } from 'react';
import bars from './bars.module.css';
import { layoutStack, type StackRow } from './stack.ts';
import styles from './stacked-bars.module.css';

export interface StackedBarsProps {
  readonly rows: readonly StackRow[];
  readonly texts: {
    /** Names the table to a screen reader. */
    readonly caption: string;
    readonly label: string;
    readonly total: string;
    /** Head of the baseline's column; without it there is none. */
    readonly baseline?: string | undefined;
  };
  readonly format?: (value: number) => string;
  /** Full length of a bar; default the largest total or baseline. */
  readonly max?: number | undefined;
  readonly selected?: string | undefined;
  /** Makes the labels buttons. */
  readonly onSelect?: ((key: string) => void) | undefined;
}

/** Stacked bars over the grey band of their baseline. A real table: what is seen and what is read aloud cannot drift apart. */
export function StackedBars({ rows, texts, format = String, max, selected, onSelect }: StackedBarsProps) {
  const marks = useMemo(() => layoutStack(rows, { width: 100 }, max), [rows, max]);
  return (
    <table className={bars.bars}>
      <caption className={bars.hidden}>{texts.caption}</caption>
      <thead className={texts.baseline === undefined ? bars.hidden : styles.head}>
        <tr>
          <th scope="col" className={bars.label}>
            {texts.label}
          </th>
          <td />
          <th scope="col" className={bars.value}>
            {texts.total}
          </th>
          {texts.baseline !== undefined && (
            <th scope="col" className={bars.value}>
              {texts.baseline}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {marks.map(({ row, total, parts, baseline }) => (
          <tr key={row.key} className={bars.row} data-selected={row.key === selected}>
            <th scope="row" className={bars.label} title={row.label}>
              {onSelect ? (
                <button
                  type="button"
                  className={bars.pick}
                  aria-pressed={row.key === selected}
                  onClick={() => onSelect(row.key)}
                >
                  {row.label}
                </button>
              ) : (
                row.label
              )}
            </th>
            <td>
              <div className={bars.track}>
                {baseline !== undefined && (
                  <div className={bars.band} style={{ left: 0, width: `${baseline}%` }} />
                )}
                {parts.map(({ part, x, width }) => (
                  <div
                    key={part.key}
                    className={styles.part}
                    style={{ left: `${x}%`, width: `${width}%`, background: part.colour }}
                    title={`${part.label} ${format(part.value)}`}
                  >
                    <span className={bars.hidden}>
                      {part.label} {format(part.value)}
                    </span>
                  </div>
                ))}
              </div>
            </td>
            <td className={bars.value}>{format(total)}</td>
            {texts.baseline !== undefined && (
              <td className={styles.baseline}>{row.baseline === undefined ? '–' : format(row.baseline)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
