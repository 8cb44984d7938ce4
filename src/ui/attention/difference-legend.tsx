import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatTable } from '../../charts/heat-table.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { Drawing } from '../../protocol/steer.ts';
import { differenceOf, type PairHeats } from '../../state/drawing-heat.ts';
import { useTexts } from '../context.ts';
import { probability } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './pair.module.css';

/** Right minus left, on a scale whose middle is zero: of a word's maps, or of the pictures' lightness. */
export function DifferenceLegend(props: {
  readonly first: Drawing;
  readonly second: Drawing;
  readonly maps?: PairHeats;
}) {
  const { first, second, maps } = props;
  const texts = useTexts();
  const { map, max } = useMemo(() => differenceOf(first, second, maps), [first, second, maps]);
  const scale = useMemo<HeatScale>(() => ({ kind: 'diverging', max }), [max]);
  return (
    <div className={styles.pair}>
      <figure className={styles.side}>
        <figcaption>{texts.steer.differenceLegend}</figcaption>
        <Heatmap
          image={first.image}
          heat={map}
          scale={scale}
          label={texts.steer.differenceLegend}
          describe={({ value, row, column }) => `${signed(value)} · ${row + 1}, ${column + 1}`}
        />
      </figure>
      <div className={`${shell.group} ${styles.beside}`}>
        <HeatLegend
          scale={scale}
          label={texts.steer.differenceLegend}
          baseline={{ value: 0, label: texts.steer.noDifference }}
          format={signed}
        />
        <p className={shell.small}>{texts.steer.differenceHint}</p>
        <HeatTable
          heat={map}
          texts={{
            summary: texts.attention.table,
            caption: texts.steer.differenceLegend,
            row: (number) => texts.attention.rowNumber({ number }),
            column: (number) => texts.attention.columnNumber({ number }),
          }}
          format={signed}
        />
      </div>
    </div>
  );
}

/** Two maps carried over word by word differ by little: as many digits as it takes. */
function signed(value: number): string {
  const size = probability(Math.abs(value));
  return value === 0 || !Number.isFinite(value) ? size : `${value > 0 ? '+' : '−'}${size}`;
}
