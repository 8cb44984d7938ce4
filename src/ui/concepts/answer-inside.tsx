import { ConceptBars } from '../../charts/concept-bars.tsx';
import { columnFigures } from '../../charts/concept-map.ts';
import { ANSWER_VECTORS } from '../../protocol/read-answer.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Range } from '../controls/range.tsx';
import { Segments } from '../controls/segments.tsx';
import { cosine } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { AnswerReferee } from './answer-referee.tsx';
import styles from './parts.module.css';
import { type AnswerMap, useAnswer } from './use-answer.ts';

/** Right of the answer: how similar one state is to each concept, and which vectors it is compared with. */
export function AnswerInside() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const vectors = useAddress((address) => address.concepts.answerVectors);
  const { map, beside } = useAnswer();
  if (!map) return <p className={shell.small}>{texts.run.soon}</p>;
  const { finished, columns, cells, row, column } = map;
  const { params, result } = finished;
  const chosen = columns[column]!;
  const bars = barsOf(map);
  const title = texts.parts.stateOf({ token: chosen.label, layer: row + 1 });
  const unit = params.vectors === 'logit-lens' ? texts.parts.logits : texts.concepts.similarityColumn;
  return (
    <>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.parts.vectors}</h2>
        <Segments
          label={texts.parts.vectors}
          value={vectors}
          options={ANSWER_VECTORS.map((kind) => ({ value: kind, label: texts.parts[`answer_${kind}`] }))}
          onChange={(kind) => {
            vitrine.change('concepts', { answerVectors: kind }, 'push');
            vitrine.run();
          }}
        />
        <p className={shell.small}>{texts.parts[`answerHint_${vectors}`]}</p>
      </div>
      <div className={shell.group}>
        <h2 className={shell.heading}>{title}</h2>
        <Range
          label={texts.attention.layer}
          value={row}
          min={0}
          max={cells.length - 1}
          format={(value) => `${value + 1} / ${cells.length}`}
          onChange={(value) => vitrine.change('concepts', { cell: `${value}.${column}` }, 'replace')}
        />
        <div className={styles.compact}>
          <ConceptBars
            bars={bars}
            format={cosine}
            texts={{
              caption: title,
              label: texts.concepts.conceptColumn,
              value: unit,
              inside: texts.concepts.insideBand,
            }}
          />
        </div>
        {beside && (
          <div className={styles.compact}>
            <p className={shell.small}>
              {texts.parts.repainted({ color: beside.finished.params.repaint ?? '' })}
            </p>
            <ConceptBars
              bars={barsOf({ ...beside, row })}
              format={cosine}
              texts={{
                caption: texts.parts.repainted({ color: beside.finished.params.repaint ?? '' }),
                label: texts.concepts.conceptColumn,
                value: unit,
                inside: texts.concepts.insideBand,
              }}
            />
          </div>
        )}
        <p className={shell.small}>{texts.concepts.similarityHint}</p>
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveTable } = await import('../saving/save-table.ts');
            await saveTable(kind, {
              kind: 'answer-state',
              model: params.model,
              recipe: result.recipe,
              device: result.device,
              parameters: {
                question: params.question,
                prefix: params.prefix,
                token: chosen.label,
                layer: row,
              },
              name: ['state', chosen.label, row + 1, params.model],
              head: ['concept', 'figure', 'null_low', 'null_high'],
              rows: bars.map(({ label, value, band }) => [label, value, band.low, band.high]),
              bars: { title: `${title} · ${params.model}`, unit, bars },
            });
          }}
        />
      </div>
      <AnswerReferee map={map} />
    </>
  );
}

/** Figures of the chosen cell over its layer's band. The repainted picture's sequence may be as long and no longer. */
function barsOf({ finished: { params, result }, columns, row, column }: AnswerMap) {
  const { band } = result.layers[row]!;
  const { positions } = columns[Math.min(column, columns.length - 1)]!;
  const figures = columnFigures(result.figures, row, positions);
  return params.concepts.map((label, index) => ({ key: label, label, value: figures[index]!, band }));
}
