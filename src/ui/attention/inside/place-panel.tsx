import { useMemo } from 'react';
import type { HeatScale } from '../../../charts/heat.ts';
import { Heatmap } from '../../../charts/heatmap.tsx';
import type { Generation } from '../../../protocol/jobs.ts';
import { placeHeat } from '../../../state/inside.ts';
import { useAddress, useTexts } from '../../context.ts';
import { probability } from '../../figures.ts';
import shell from '../../shell/shell.module.css';
import styles from './inside.module.css';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly row: number;
  readonly column: number;
}

/** What a clicked place looks at, beside what an even spread would give. */
export function PlacePanel({
  generation,
  place,
}: {
  readonly generation: Generation;
  readonly place: Place;
}) {
  const { inside } = useTexts();
  const palette = useAddress((address) => address.attention.colours);
  const found = useMemo(() => placeHeat(generation, place.x, place.y), [generation, place]);
  const max = found?.max ?? 1;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  if (!found) return null;
  const label = inside.placeOf({ row: place.row + 1, column: place.column + 1 });
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
        {label}. {inside.placeUniform({ value: probability(found.uniform) })}
      </figcaption>
    </figure>
  );
}
