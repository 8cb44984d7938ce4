import { useMemo } from 'react';
import type { HeatScale } from '../../../charts/heat.ts';
import { HeatLegend } from '../../../charts/heat-legend.tsx';
import { HeatTable } from '../../../charts/heat-table.tsx';
import { Heatmap } from '../../../charts/heatmap.tsx';
import { HEAT_SIDE } from '../../../state/heat.ts';
import { placeHeat } from '../../../state/inside.ts';
import type { Finished } from '../../../state/run.ts';
import { useAddress, useTexts } from '../../context.ts';
import { probability } from '../../figures.ts';
import { SaveButtons } from '../../saving/save-buttons.tsx';
import shell from '../../shell/shell.module.css';
import styles from './inside.module.css';

/** What a clicked place looks at, beside what an even spread would give. */
export function PlacePanel({
  finished,
  place,
}: {
  readonly finished: Finished<'generate'>;
  /** Cell of the heat's grid, counted along the rows. */
  readonly place: number;
}) {
  const { inside, attention } = useTexts();
  const generation = finished.result;
  const palette = useAddress((address) => address.attention.colours);
  const row = Math.floor(place / HEAT_SIDE);
  const column = place % HEAT_SIDE;
  const found = useMemo(
    () => placeHeat(generation, (column + 0.5) / HEAT_SIDE, (row + 0.5) / HEAT_SIDE),
    [generation, row, column],
  );
  const max = found?.max ?? 1;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  if (!found) return null;
  const label = inside.placeOf({ row: row + 1, column: column + 1 });
  return (
    <figure className={styles.place}>
      <Heatmap
        image={generation.image}
        heat={found.map}
        scale={scale}
        label={label}
        describe={({ value }) => probability(value)}
      />
      <figcaption className={shell.small}>
        {label}. {inside.placeHow}
      </figcaption>
      <HeatLegend
        scale={scale}
        label={inside.placeLegend}
        baseline={{ value: found.uniform, label: attention.uniformName }}
        format={probability}
      />
      <HeatTable
        heat={found.map}
        texts={{
          summary: attention.table,
          caption: label,
          row: (number) => attention.rowNumber({ number }),
          column: (number) => attention.columnNumber({ number }),
        }}
        format={probability}
      />
      <SaveButtons
        kinds={['svg', 'csv', 'json']}
        save={async (kind) => {
          const { savePlace } = await import('../../saving/save-place.ts');
          await savePlace(kind, { finished, ...found, label, row, column, scale });
        }}
      />
    </figure>
  );
}
