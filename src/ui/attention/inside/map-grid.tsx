import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { drawHeatmap } from '../../../charts/draw-heatmap.ts';
import type { HeatScale } from '../../../charts/heat.ts';
import type { Pixels } from '../../../protocol/image.ts';
import { columnHeats, gridColumns } from '../../../state/inside.ts';
import type { Grid } from '../../../tensor/tensor.ts';
import { useAddress, useTexts, useVitrine } from '../../context.ts';
import { Segments } from '../../controls/segments.tsx';
import { siteLabel } from '../../site-label.ts';
import type { Shown } from '../use-attention.ts';
import styles from './inside.module.css';

const AXES = ['layer', 'head', 'step'] as const;
const SIDE = 64;

/** Words by layers, heads or steps: small maps on one scale; a click chooses that map. */
export function MapGrid({ shown }: { readonly shown: Shown }) {
  const texts = useTexts();
  const { inside } = texts;
  const vitrine = useVitrine();
  const palette = useAddress((address) => address.attention.colours);
  const [by, setBy] = useState<(typeof AXES)[number]>('layer');
  const { finished, chips, lit, choice } = shown;
  const result = finished?.result;
  const rows = useMemo(() => {
    const words = chips.filter(({ special }) => special === undefined);
    return lit.length > 1 ? lit : words.slice(0, 10);
  }, [chips, lit]);
  const columns = useMemo(
    () =>
      result
        ? gridColumns(result, by, choice).map((column) => ({
            column,
            heats: columnHeats(result, rows, column),
          }))
        : [],
    [result, by, choice, rows],
  );
  if (!result) return null;
  const max = Math.max(...columns.map(({ heats }) => heats.max), 0);
  const name = (key: string): string =>
    by === 'layer'
      ? siteLabel(key, texts)
      : by === 'head'
        ? texts.attention.headNumber({ number: Number(key) + 1 })
        : texts.attention.stepNumber({ number: Number(key) + 1 });
  return (
    <>
      <Segments
        label={inside.gridBy}
        value={by}
        options={[
          { value: 'layer', label: inside.byLayer },
          { value: 'head', label: inside.byHead },
          { value: 'step', label: inside.byStep },
        ]}
        onChange={setBy}
      />
      <div className={styles.scroll}>
        <table className={styles.grid}>
          <thead>
            <tr>
              <td />
              {columns.map(({ column }) => (
                <th key={column.key} scope="col">
                  {name(column.key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((chip, row) => (
              <tr key={chip.key}>
                <th scope="row">{chip.text}</th>
                {columns.map(({ column, heats }) => (
                  <td key={column.key}>
                    <button
                      type="button"
                      className={styles.cell}
                      aria-label={inside.gridCell({ word: chip.text, at: name(column.key) })}
                      onClick={() => {
                        const { layer, head, step } = column.choice;
                        vitrine.change('attention', { words: [chip.key], layer, head, step }, 'push');
                      }}
                    >
                      <SmallMap
                        image={result.image}
                        heat={heats.words[row]?.map}
                        max={max}
                        palette={palette}
                      />
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function SmallMap(props: {
  readonly image: Pixels;
  readonly heat: Grid | undefined;
  readonly max: number;
  readonly palette: Extract<HeatScale, { kind: 'sequential' }>['palette'];
}) {
  const { image, heat, max, palette } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const scale: HeatScale = { kind: 'sequential', max, palette };
    drawHeatmap(
      context,
      { width: SIDE, height: SIDE },
      image,
      heat && { grid: heat, scale, opacity: 0.85, smooth: false },
    );
  }, [image, heat, max, palette]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} />;
}
