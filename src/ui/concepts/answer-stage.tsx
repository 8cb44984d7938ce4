import { ConceptGrid } from '../../charts/concept-grid.tsx';
import { generativeModel } from '../../state/concept-runs.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { cosine } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';
import { useAnswer } from './use-answer.ts';

/** Middle of the answer: the picture with what was said of it, then which concept each token holds at each layer. */
export function AnswerStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const asked = useAddress((address) => address.ask.model);
  const { run, map } = useAnswer();
  if (!map) {
    const state = run.status === 'running' ? texts.run.waiting : texts.run.nothing;
    return (
      <div className={attention.empty}>
        {generativeModel(asked) === undefined ? texts.parts.noGenerative : state}
      </div>
    );
  }
  const { finished, columns, cells, row, column } = map;
  const { result, params } = finished;
  return (
    <div className={shell.group} aria-busy={run.status === 'running'}>
      <div className={styles.said}>
        <PixelsCanvas pixels={result.image} label={texts.concepts.picturedAs} />
        <div>
          <p className={shell.small}>{params.question}</p>
          <p className={shell.lead}>{result.answer}</p>
          <p className={shell.small}>
            {result.readableFrom < 0
              ? texts.parts.neverReadable
              : texts.parts.readable({ layer: result.readableFrom + 1, layers: result.layers.length })}
          </p>
          {params.image.kind === 'scene' && (
            <Button look="quiet" onClick={() => vitrine.show('ask')}>
              {texts.parts.moreOfAnswer}
            </Button>
          )}
        </div>
      </div>
      <section className={shell.group} aria-label={texts.parts.answerMap}>
        <h2 className={shell.heading}>{texts.parts.answerMap}</h2>
        <ConceptGrid
          cells={cells}
          columns={columns}
          concepts={params.concepts}
          format={cosine}
          selected={{ row, column }}
          texts={{
            caption: texts.parts.answerMap,
            layer: (layer) => texts.parts.layer({ layer }),
            nothing: texts.concepts.insideBand,
          }}
          onSelect={(layer, at) => vitrine.change('concepts', { cell: `${layer}.${at}` }, 'replace')}
        />
        <p className={shell.small}>{texts.parts.answerMapHint({ scenes: result.probes })}</p>
        <SaveButtons
          kinds={['csv', 'json']}
          save={async (kind) => {
            const { saveTable } = await import('../saving/save-table.ts');
            const [, positions, concepts] = result.figures.dims;
            await saveTable(kind, {
              kind: 'answer-map',
              model: params.model,
              recipe: result.recipe,
              device: result.device,
              parameters: { question: params.question, answer: result.answer, probes: result.probes },
              name: ['answer-map', params.question],
              head: [
                'site',
                'position',
                'token',
                'role',
                'best',
                ...params.concepts,
                'null_low',
                'null_high',
              ],
              rows: result.layers.flatMap(({ site, band, best }, layer) =>
                result.sequence.map(({ position, text, role }) => {
                  const from = (layer * positions + position) * concepts;
                  return [
                    site,
                    position,
                    text,
                    role,
                    params.concepts[best[position]!] ?? null,
                    ...result.figures.data.subarray(from, from + concepts),
                    band.low,
                    band.high,
                  ];
                }),
              ),
            });
          }}
        />
      </section>
    </div>
  );
}
