import { ticks } from 'd3-array';
import { format as numberFormat } from 'd3-format';
import { useMemo } from 'react';
import { type Distribution, layoutDistribution } from './distribution.ts';
import styles from './distribution-chart.module.css';

export interface DistributionChartProps {
  readonly distribution: Distribution;
  /** Colour of the inside. */
  readonly colour: string;
  /** A value with a line of its own, as the threshold. */
  readonly mark: { readonly value: number; readonly label: string };
  readonly texts: {
    readonly label: string;
    readonly inside: string;
    readonly outside: string;
    /** On the disclosure of the table. */
    readonly table: string;
    readonly from: string;
  };
}

const width = 100;
const height = 100;
const short = numberFormat('.3~g');
const percent = numberFormat('.2%');

/** Two distributions over each other, as a unit's activation inside and outside of its concept; their figures in a table. */
export function DistributionChart({ distribution, colour, mark, texts }: DistributionChartProps) {
  const layout = useMemo(
    () => layoutDistribution(distribution, { width, height }, (low, high) => ticks(low, high, 5)),
    [distribution],
  );
  const at = layout.at(mark.value);
  return (
    <figure className={styles.figure}>
      <div>
        {/* Stretched to its place; lines and words are not. */}
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={texts.label}
        >
          <path d={layout.outside} className={styles.outside} />
          <path d={layout.inside} fill={colour} fillOpacity="0.5" stroke={colour} />
          <line x1={at} x2={at} y1="0" y2={height} className={styles.mark} />
          <line x1="0" x2={width} y1={height} y2={height} className={styles.ground} />
        </svg>
        <div className={styles.ticks} aria-hidden="true">
          {layout.ticks.map(({ value, x }) => (
            <span key={value} style={{ left: `${Math.min(97, Math.max(3, x))}%` }}>
              {short(value)}
            </span>
          ))}
        </div>
      </div>
      <figcaption className={styles.legend}>
        <span>
          <i style={{ background: colour }} />
          {texts.inside}
        </span>
        <span>
          <i className={styles.outsideDot} />
          {texts.outside}
        </span>
        <span>
          <i className={styles.markDot} />
          {mark.label}
        </span>
      </figcaption>
      <details className={styles.table}>
        <summary>{texts.table}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.from}</th>
              <th scope="col">{texts.inside}</th>
              <th scope="col">{texts.outside}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from(distribution.inside, (share, bin) => (
              <tr key={distribution.edges[bin]}>
                <th scope="row">{short(distribution.edges[bin]!)}</th>
                <td>{percent(share)}</td>
                <td>{percent(distribution.outside[bin]!)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
