import { ticks } from 'd3-array';
import { useMemo } from 'react';
import { layoutSwarm } from './beeswarm.ts';
import styles from './null-swarm.module.css';

export interface NullSwarmProps {
  /** The same figure for random ones. */
  readonly values: readonly number[];
  /** The figure itself; absent while only the random ones are there. */
  readonly mark: { readonly value: number; readonly label: string } | undefined;
  /** What one dot is. */
  readonly dot: string;
  /** Accessible name. */
  readonly label: string;
  readonly format: (value: number) => string;
}

const width = 640;
const height = 132;
const radius = 4.5;

/** A figure among the same figure of random ones: grey dots, and one mark in colour. */
export function NullSwarm({ values, mark, dot, label, format }: NullSwarmProps) {
  const value = mark?.value;
  const { dots, at, domain } = useMemo(
    () => layoutSwarm(values, { width, height, radius }, value === undefined ? [0] : [0, value]),
    [values, value],
  );
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 -14 ${width} ${height + 34}`} role="img" aria-label={label}>
        <line x1="0" x2={width} y1={height} y2={height} className={styles.ground} />
        <line x1={at(0)} x2={at(0)} y1={height} y2={height + 5} className={styles.ground} />
        {dots.map(({ x, y }, i) => (
          <circle key={i} cx={x} cy={y} r={radius - 0.75} className={styles.dot} />
        ))}
        {mark && (
          <>
            <line x1={at(mark.value)} x2={at(mark.value)} y1="0" y2={height} className={styles.mark} />
            <text
              x={at(mark.value)}
              y="-4"
              className={styles.markText}
              textAnchor={
                at(mark.value) > width * 0.8 ? 'end' : at(mark.value) < width * 0.2 ? 'start' : 'middle'
              }
            >
              {mark.label}
            </text>
          </>
        )}
        {ticks(domain[0], domain[1], 6).map((tick) => (
          <text key={tick} x={at(tick)} y={height + 16} textAnchor="middle">
            {format(tick)}
          </text>
        ))}
      </svg>
      <figcaption>
        <i />
        {dot}
      </figcaption>
    </figure>
  );
}
