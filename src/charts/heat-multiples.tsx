import type { Pixels } from '../protocol/image.ts';
import type { Grid } from '../tensor/tensor.ts';
import styles from './heat.module.css';
import type { HeatReading, HeatScale } from './heat.ts';
import { Heatmap } from './heatmap.tsx';

export interface HeatMultiple {
  readonly key: string;
  readonly label: string;
  readonly heat: Grid;
  /** Own picture; default the common one. */
  readonly image?: Pixels;
}

export interface HeatMultiplesProps {
  readonly image: Pixels;
  readonly items: readonly HeatMultiple[];
  /** One scale for all: they are there to be compared. */
  readonly scale: HeatScale;
  readonly opacity?: number;
  readonly smooth?: boolean;
  readonly describe: (item: HeatMultiple, reading: HeatReading) => string;
  readonly onRead?: (item: HeatMultiple, reading: HeatReading | undefined) => void;
  readonly onPick?: (item: HeatMultiple, reading: HeatReading) => void;
  /** After each painting of one of them, with what it took. */
  readonly onDrawn?: (elapsedMs: number) => void;
}

/** Several words, heads or layers side by side. `--multiple-width` sets the smallest width of one. */
export function HeatMultiples(props: HeatMultiplesProps) {
  const { image, items, scale, opacity, smooth, describe, onRead, onPick, onDrawn } = props;
  return (
    <ul className={styles.multiples}>
      {items.map((item) => (
        <li key={item.key}>
          <figure>
            <Heatmap
              image={item.image ?? image}
              heat={item.heat}
              scale={scale}
              label={item.label}
              describe={(reading) => describe(item, reading)}
              {...(opacity !== undefined && { opacity })}
              {...(smooth !== undefined && { smooth })}
              {...(onRead && { onRead: (reading: HeatReading | undefined) => onRead(item, reading) })}
              {...(onDrawn && { onDrawn })}
              {...(onPick && { onPick: (reading: HeatReading) => onPick(item, reading) })}
            />
            <figcaption title={item.label}>{item.label}</figcaption>
          </figure>
        </li>
      ))}
    </ul>
  );
}
