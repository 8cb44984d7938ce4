import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatTable } from '../../charts/heat-table.tsx';
import type { PairHeats } from '../../state/drawing-heat.ts';
import { useTexts } from '../context.ts';
import { probability } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './pair.module.css';

/** What the colours of a pair of maps mean, and both maps as tables. */
export function PairFigures(props: {
  readonly heats: PairHeats;
  readonly scale: HeatScale;
  readonly titles: readonly [string, string];
  readonly word: string;
}) {
  const { heats, scale, titles, word } = props;
  const texts = useTexts();
  const { attention } = texts;
  return (
    <div className={styles.figures}>
      <div className={shell.group}>
        <HeatLegend
          scale={scale}
          label={attention.legend}
          baseline={{ value: heats.uniform, label: attention.uniformName }}
          format={probability}
        />
      </div>
      {[heats.first, heats.second].map((heat, side) =>
        heat ? (
          <HeatTable
            key={titles[side]}
            heat={heat}
            texts={{
              summary: `${titles[side]}: ${attention.table}`,
              caption: `${titles[side]}: ${attention.mapOf({ word })}`,
              row: (number) => attention.rowNumber({ number }),
              column: (number) => attention.columnNumber({ number }),
            }}
            format={probability}
          />
        ) : null,
      )}
    </div>
  );
}
