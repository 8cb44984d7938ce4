import { type ReactNode, useState } from 'react';
import type { HeatReading, HeatScale } from '../../charts/heat.ts';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { Pixels } from '../../protocol/image.ts';
import type { Grid } from '../../tensor/tensor.ts';
import { useTexts } from '../context.ts';
import { probability } from '../figures.ts';
import styles from './pair.module.css';

export interface PairSide {
  readonly title: string;
  readonly image: Pixels | undefined;
  readonly heat: Grid | undefined;
  /** Laid over the picture: what is being painted. */
  readonly over?: ReactNode;
}

/** Two pictures side by side with one cursor: what lies under it is read on both. */
export function PairStage(props: {
  readonly sides: readonly [PairSide, PairSide];
  readonly scale: HeatScale;
  readonly opacity: number;
  readonly word: string;
}) {
  const { sides, scale, opacity, word } = props;
  const texts = useTexts();
  const [at, setAt] = useState<HeatReading>();
  const describe = (reading: HeatReading): string =>
    texts.attention.reading({
      word,
      value: probability(reading.value),
      row: reading.row + 1,
      column: reading.column + 1,
    });
  return (
    <div className={styles.pair}>
      {sides.map(({ title, image, heat, over }) => (
        <figure key={title} className={styles.side}>
          <figcaption>{title}</figcaption>
          <div className={styles.field}>
            {image ? (
              <Heatmap
                image={image}
                heat={heat}
                scale={scale}
                opacity={opacity}
                label={heat ? `${title}: ${texts.attention.mapOf({ word })}` : title}
                hint={texts.attention.pointHint}
                describe={describe}
                onRead={setAt}
              />
            ) : (
              <div className={styles.empty}>{texts.run.waiting}</div>
            )}
            {at && heat && (
              <span
                className={styles.cross}
                style={{ left: `${100 * at.x}%`, top: `${100 * at.y}%` }}
                aria-hidden="true"
              />
            )}
            {over}
          </div>
          <p className={styles.reading}>
            {at && heat ? probability(heat.data[at.row * heat.dims[1] + at.column] ?? Number.NaN) : ' '}
          </p>
        </figure>
      ))}
    </div>
  );
}
