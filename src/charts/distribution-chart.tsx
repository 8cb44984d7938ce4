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

const width = 320;
const height = 96;
const short = numberFormat('.3~g');
const percent = numberFormat('.2%');

/** How a unit's activation is spread inside and outside of its concept. */
export function DistributionChart({ distribution, colour, mark, texts }: DistributionChartProps) {
  const layout = useMemo(
    () => layoutDistribution(distribution, { width, height }, (low, high) => ticks(low, high, 5)),
    [distribution],
  );
  const at = layout.at(mark.value);
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${width} ${height + 18}`} role="img" aria-label={texts.label}>
        <path d={layout.outside} className={styles.outside} />
        <path d={layout.inside} fill={colour} fillOpacity="0.55" stroke={colour} />
        <line x1={at} x2={at} y1="0" y2={height} className={styles.mark} />
        <line x1="0" x2={width} y1={height} y2={height} className={styles.ground} />
        {layout.ticks.map(({ value, x }) => (
          <text key={value} x={Math.min(width - 8, Math.max(8, x))} y={height + 13} textAnchor="middle">
            {short(value)}
          </text>
        ))}
      </svg>
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
