import { useMemo, useState } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import { grid } from '../../tensor/tensor.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Select } from '../controls/select.tsx';
import { cosine } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';
import type { AnswerMap } from './use-answer.ts';

/** The image tokens one by one: one concept at each, over the picture. Only where each token stands for a place. */
export function AnswerPicture({ map }: { readonly map: AnswerMap }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const asked = useAddress((address) => address.concepts.asked);
  const [reading, setReading] = useState<string>();
  const { finished, columns, row, column } = map;
  const { params, result } = finished;
  const { positions } = columns[column]!;
  const maps = useMemo(() => heats(map), [map]);
  const { low, high } = result.layers[row]!.band;
  const scale = useMemo<HeatScale>(() => {
    const values = maps.flatMap(({ data }) => Array.from(data, Math.abs));
    return {
      kind: 'diverging',
      max: Math.max(...values.filter(Number.isFinite), Math.abs(low), Math.abs(high)),
    };
  }, [maps, low, high]);
  // Who has not chosen sees the concept that one token holds most.
  const strongest = maps.map(({ data }) => data.reduce((most, value) => Math.max(most, value), -Infinity));
  const chosen = asked === 'none' ? strongest.indexOf(Math.max(...strongest)) : asked;
  const index = Math.min(Math.max(0, chosen), maps.length - 1);
  const heat = maps[index];
  if (!heat || positions.length !== result.grid ** 2) return null;
  const concept = params.concepts[index]!;
  const title = texts.parts.pictureTokens({ concept, layer: row + 1 });
  const describe = (at: { readonly value: number; readonly row: number; readonly column: number }): string =>
    texts.concepts.reading({ value: cosine(at.value), row: at.row + 1, column: at.column + 1 });
  return (
    <section className={shell.group} aria-label={title}>
      <h2 className={shell.heading}>{title}</h2>
      <div className={styles.tokens}>
        <div>
          <Heatmap
            image={result.image}
            heat={heat}
            scale={scale}
            opacity={0.75}
            label={title}
            hint={texts.attention.pointHint}
            describe={describe}
            onRead={(at) => setReading(at && describe(at))}
          />
          <p className={attention.caption}>{reading ?? texts.attention.pointHint}</p>
          <HeatLegend
            scale={scale}
            label={texts.parts.pictureBand({ low: cosine(low), high: cosine(high) })}
          />
        </div>
        <div className={shell.group}>
          <Select
            label={texts.concepts.conceptColumn}
            value={String(index)}
            options={params.concepts.map((label, value) => ({ value: String(value), label }))}
            onChange={(value) => vitrine.change('concepts', { asked: Number(value) }, 'push')}
          />
          <p className={shell.small}>{texts.parts.pictureTokensHint}</p>
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveHeat } = await import('../saving/save-heat.ts');
              const { model, question, prefix, vectors } = params;
              await saveHeat(kind, {
                image: result.image,
                grid: heat,
                scale,
                label: `${title} · ${model}`,
                unit: vectors === 'logit-lens' ? 'logit' : 'cosine',
                baseline: high,
                settings: {
                  kind: 'image-tokens',
                  model,
                  recipe: result.recipe,
                  device: result.device,
                  parameters: { question, prefix, concept, layer: row + 1, nullLow: low, nullHigh: high },
                },
                name: ['tokens', concept, row + 1, model],
              });
            }}
          />
        </div>
      </div>
    </section>
  );
}

/** For each concept its figure at every image token of the chosen layer. */
function heats({ finished: { params, result }, columns, row, column }: AnswerMap) {
  const { figures, grid: side } = result;
  const [, length, concepts] = figures.dims;
  const { positions } = columns[column]!;
  if (side === 0 || positions.length !== side ** 2) return [];
  return params.concepts.map((_, concept) =>
    grid(
      side,
      side,
      Float32Array.from(
        positions,
        (position) => figures.data[(row * length + position) * concepts + concept]!,
      ),
    ),
  );
}
