import { useMemo } from 'react';
import type { Tensor } from '../tensor/tensor.ts';
import styles from './joint-map.module.css';
import { layoutPoints } from './point-map.ts';

export const MAP_SIZE = { width: 640, height: 360, margin: 14 } as const;

export interface JointMapProps {
  /** Pictures first, then as many captions. */
  readonly points: Tensor<readonly ['point', 'axis']>;
  /** Accessible name. */
  readonly label: string;
  /** Names of the two kinds, for the legend. */
  readonly pictures: string;
  readonly captions: string;
  /** Chosen pair: its line stands out. */
  readonly selected?: number | undefined;
  readonly onPick?: (pair: number) => void;
}

/** Two modalities in one plane: discs are pictures, diamonds captions, a line joins a pair. The figures are in the export. */
export function JointMap({ points, label, pictures, captions, selected, onPick }: JointMapProps) {
  const laid = useMemo(() => layoutPoints(points, MAP_SIZE), [points]);
  const count = laid.length / 2;
  const pairs = Array.from({ length: count }, (_, pair) => pair);
  const chosen = selected !== undefined && selected < count ? selected : undefined;
  return (
    <figure className={styles.map}>
      <svg viewBox={`0 0 ${MAP_SIZE.width} ${MAP_SIZE.height}`} role="img" aria-label={label}>
        <g className={styles.lines}>
          {pairs.map((pair) => (
            <Line key={pair} from={laid[pair]} to={laid[pair + count]} />
          ))}
        </g>
        <g className={styles.pictures}>
          {pairs.map((pair) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the same pairs are buttons in the list of results
            <circle key={pair} cx={laid[pair]!.x} cy={laid[pair]!.y} r={3.5} onClick={() => onPick?.(pair)} />
          ))}
        </g>
        <g className={styles.captions}>
          {pairs.map((pair) => {
            const { x, y } = laid[pair + count]!;
            return <path key={pair} d={`M${x} ${y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z`} />;
          })}
        </g>
        {chosen !== undefined && (
          <g className={styles.chosen}>
            <Line from={laid[chosen]} to={laid[chosen + count]} />
            <circle cx={laid[chosen]!.x} cy={laid[chosen]!.y} r={6} />
            <path d={`M${laid[chosen + count]!.x} ${laid[chosen + count]!.y - 7}l7 7-7 7-7-7z`} />
          </g>
        )}
      </svg>
      <figcaption className={styles.legend}>
        <span data-kind="picture">{pictures}</span>
        <span data-kind="caption">{captions}</span>
      </figcaption>
    </figure>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function Line({ from, to }: { readonly from: Point | undefined; readonly to: Point | undefined }) {
  return from && to ? <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} /> : null;
}
