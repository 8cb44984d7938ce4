import type { ReactNode } from 'react';
import styles from './bars.module.css';
import type { BarMark, BarsLayout } from './bars.ts';

/** Words around bars; the parent takes them from the catalogue. */
export interface BarTexts {
  /** Names the table to a screen reader. */
  readonly caption: string;
  /** Column heads. */
  readonly label: string;
  readonly value: string;
}

export interface BarTableProps {
  /** Laid out at a width of 100, so that every length is a percentage. */
  readonly layout: BarsLayout;
  readonly texts: BarTexts;
  readonly format: (value: number) => string;
  readonly selected?: string | undefined;
  readonly onSelect?: ((key: string) => void) | undefined;
  /** More to be said of a bar: shown on hover, read after the value. */
  readonly note?: (mark: BarMark) => string | undefined;
  readonly baseline?: { readonly x: number; readonly label: string };
  readonly axis?: ReactNode;
}

/** Bars are a real table whose middle column is drawn: what is seen and what is read aloud cannot drift apart. */
export function BarTable(props: BarTableProps) {
  const { layout, texts, format, selected, onSelect, note, baseline, axis } = props;
  return (
    <table className={styles.bars}>
      <caption className={styles.hidden}>{texts.caption}</caption>
      <thead className={styles.hidden}>
        <tr>
          <th scope="col">{texts.label}</th>
          <td />
          <th scope="col">{texts.value}</th>
        </tr>
      </thead>
      <tbody>
        {layout.marks.map((mark) => {
          const { bar } = mark;
          const remark = note?.(mark);
          return (
            <tr
              key={bar.key}
              className={styles.row}
              data-selected={bar.key === selected}
              data-inside={mark.inside}
              title={remark}
            >
              <th scope="row" className={styles.label} title={bar.label}>
                {onSelect ? (
                  <button
                    type="button"
                    className={styles.pick}
                    aria-pressed={bar.key === selected}
                    onClick={() => onSelect(bar.key)}
                  >
                    {bar.label}
                  </button>
                ) : (
                  bar.label
                )}
              </th>
              <td aria-hidden="true">
                <div className={styles.track}>
                  {mark.band && (
                    <div
                      className={styles.band}
                      style={{ left: `${mark.band.x}%`, width: `${mark.band.width}%` }}
                    />
                  )}
                  <div
                    className={styles.bar}
                    data-negative={bar.value < 0}
                    style={{ left: `${mark.x}%`, width: `${mark.width}%` }}
                  />
                  <div className={styles.zero} style={{ left: `${layout.zero}%` }} />
                  {baseline && (
                    <div
                      className={styles.baseline}
                      style={{ left: `${baseline.x}%` }}
                      title={baseline.label}
                    />
                  )}
                </div>
              </td>
              <td className={styles.value}>
                {format(bar.value)}
                {remark && <span className={styles.hidden}> {remark}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
      {axis && (
        <tfoot aria-hidden="true">
          <tr>
            <td />
            <td>{axis}</td>
            <td />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** Tick labels under the bars. */
export function BarAxis({
  layout,
  format,
}: {
  readonly layout: BarsLayout;
  readonly format: (value: number) => string;
}) {
  return (
    <div className={styles.axis}>
      {layout.ticks.filter(worthALabel).map(({ value, x }) => (
        <span key={value} data-end={x <= 0 ? 'first' : x >= 100 ? 'last' : 'no'} style={{ left: `${x}%` }}>
          {format(value)}
        </span>
      ))}
    </div>
  );
}

/** Bars are narrow: of many ticks only the ends and zero are named. */
function worthALabel({ value }: { readonly value: number }, at: number, ticks: readonly unknown[]): boolean {
  return ticks.length <= 3 || value === 0 || at === 0 || at === ticks.length - 1;
}
