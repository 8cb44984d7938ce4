import { format as numberFormat } from 'd3-format';
import { useMemo } from 'react';
import styles from './heat.module.css';
import type { HeatScale } from './heat.ts';
import { layoutLegend } from './legend.ts';

export interface HeatLegendProps {
  readonly scale: HeatScale;
  /** What the colours mean and their unit, as "attention probability". */
  readonly label: string;
  /** The value that means nothing, as 1 / tokens, and its name. */
  readonly baseline?: { readonly value: number; readonly label: string } | undefined;
  readonly format?: (value: number) => string;
}

const short = numberFormat('.3~g');

/** The colour bar of a heatmap: ticks in absolute units, with the baseline marked. */
export function HeatLegend({ scale, label, baseline, format = short }: HeatLegendProps) {
  const layout = useMemo(
    () => layoutLegend(scale, { width: 100 }, baseline?.value),
    [scale, baseline?.value],
  );
  return (
    <figure className={styles.legend}>
      <figcaption>{label}</figcaption>
      <div
        className={styles.ramp}
        style={{ backgroundImage: `linear-gradient(to right, ${layout.stops.join(', ')})` }}
      >
        {layout.baseline && <div className={styles.mark} style={{ left: `${layout.baseline.x}%` }} />}
      </div>
      <div className={styles.scale}>
        {layout.ticks.map(({ value, x }) => (
          <span key={value} data-end={x <= 0 ? 'first' : x >= 99 ? 'last' : 'no'} style={{ left: `${x}%` }}>
            {format(value)}
          </span>
        ))}
      </div>
      {baseline && (
        <div>
          ┆ {baseline.label} {format(baseline.value)}
        </div>
      )}
    </figure>
  );
}
