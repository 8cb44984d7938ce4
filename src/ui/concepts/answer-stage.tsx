import { useMemo } from 'react';
import { ConceptGrid } from '../../charts/concept-grid.tsx';
import { LayerBars } from '../../charts/layer-bars.tsx';
import type { Failure } from '../../protocol/errors.ts';
import { FIRST_ASK } from '../../state/ask-address.ts';
import { generativeModel } from '../../state/concept-runs.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { FailureMessage } from '../failure.tsx';
import { cosine } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { useModelTitle } from '../use-models.ts';
import { AnswerPicture } from './answer-picture.tsx';
import { AnswerSeparation } from './answer-separation.tsx';
import { JobState } from './job-state.tsx';
import styles from './parts.module.css';
import { type AnswerMap, useAnswer } from './use-answer.ts';

/** Why there is no repainted picture. A question about something that is not there is no error: it offers the picture that it was made for. */
function NotRepainted({ failure }: { readonly failure: Failure }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  if (failure.code === 'cancelled') return null;
  if (failure.detail?.name !== 'question') return <FailureMessage failure={failure} />;
  const takeTaxi = (): void => {
    vitrine.change('concepts', { image: FIRST_ASK.image, cell: '' }, 'push');
    vitrine.run();
  };
  return (
    <p className={shell.small}>
      {texts.parts.repaintNothing({ things: String(failure.detail.allowed) })}{' '}
      <Button onClick={takeTaxi}>{texts.parts.repaintTaxi}</Button>
    </p>
  );
}

/** Middle of the answer: the picture, as it is and repainted, with what was said of it; then which concept each token holds at each layer. */
export function AnswerStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { repaint, answerModel } = useAddress((address) => address.concepts);
  const { run, map, other, beside } = useAnswer();
  const model = useModelTitle(map?.finished.params.model ?? answerModel);
  if (!map) {
    const state = run.status === 'running' ? texts.run.waiting : texts.run.nothing;
    return (
      <div className={attention.empty}>
        {generativeModel(answerModel) === undefined ? texts.parts.noGenerative : state}
      </div>
    );
  }
  const color = beside?.finished.params.repaint ?? '';
  const title = texts.parts.answerMap({ model });
  return (
    <div className={shell.group} aria-busy={run.status === 'running'}>
      <div className={styles.pair}>
        <Said map={map} />
        {beside && <Said map={beside} />}
      </div>
      {repaint !== '' && !beside && other.status === 'running' && (
        <JobState
          run={other}
          describe={(done, total) => texts.parts.embedding({ done, total })}
          onCancel={vitrine.runs.readRepainted.cancel}
        />
      )}
      {repaint !== '' && other.status === 'failed' && <NotRepainted failure={other.failure} />}
      <section className={shell.group} aria-label={title}>
        <h2 className={shell.heading}>{title}</h2>
        <Grid map={map} caption={title} />
        {beside && (
          <>
            <h3 className={shell.small}>{texts.parts.repainted({ color })}</h3>
            <Grid map={beside} caption={texts.parts.repaintedMap({ color })} />
          </>
        )}
        <p className={shell.small}>{texts.parts.answerMapHint({ scenes: map.finished.result.probes })}</p>
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveAnswerMap } = await import('../saving/save-answer.ts');
            await saveAnswerMap(kind, [map, ...(beside ? [beside] : [])], texts);
          }}
        />
      </section>
      {map.columns[map.column]?.kind === 'image' && <AnswerPicture map={map} />}
      <Depth map={map} />
      <AnswerSeparation map={map} />
    </div>
  );
}

/** The picture, what was asked and answered, and from where in depth the answer can be read. */
function Said({ map }: { readonly map: AnswerMap }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { result, params } = map.finished;
  const own = result.sequence.filter(({ role }) => role === 'answer').map(({ text }) => text.trim());
  return (
    <figure className={styles.said}>
      <PixelsCanvas
        pixels={result.image}
        label={
          params.repaint === null
            ? texts.concepts.picturedAs
            : texts.parts.repainted({ color: params.repaint })
        }
      />
      <figcaption>
        <p className={shell.small}>
          {params.repaint === null ? params.question : texts.parts.repainted({ color: params.repaint })}
        </p>
        <p className={shell.lead} lang="en">
          {own.slice(0, result.forced).join(' ')} <strong>{own.slice(result.forced).join(' ')}</strong>
        </p>
        <p className={shell.small}>
          {result.readableFrom < 0
            ? texts.parts.neverReadable
            : texts.parts.readable({ layer: result.readableFrom + 1, layers: result.layers.length })}
        </p>
        {params.repaint === null && params.image.kind === 'scene' && (
          <Button
            look="quiet"
            onClick={() => {
              const { model, image, question, prefix } = params;
              if (image.kind !== 'scene') return;
              const afresh = {
                layer: 'mean',
                head: 'mean',
                masked: [],
                silenced: [],
                patch: 'none',
              } as const;
              vitrine.change('ask', { model, image, question, prefix, ...afresh }, 'replace');
              vitrine.show('ask');
            }}
          >
            {texts.parts.moreOfAnswer}
          </Button>
        )}
      </figcaption>
    </figure>
  );
}

function Grid({ map, caption }: { readonly map: AnswerMap; readonly caption: string }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { cells, columns, finished, row, column } = map;
  return (
    <ConceptGrid
      cells={cells}
      columns={columns}
      concepts={finished.params.concepts}
      format={cosine}
      selected={{ row, column }}
      texts={{
        caption,
        layer: (layer) => texts.parts.layer({ layer }),
        nothing: texts.concepts.insideBand,
      }}
      onSelect={(layer, at) => vitrine.change('concepts', { cell: `${layer}.${at}` }, 'replace')}
    />
  );
}

/** At the chosen token, every concept through depth. */
function Depth({ map }: { readonly map: AnswerMap }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { finished, columns, column, row } = map;
  const { result, params } = finished;
  const chosen = columns[column]!;
  const layers = useMemo(() => {
    const [, positions, concepts] = result.figures.dims;
    return result.layers.map(({ site, band }, layer) => ({
      key: site,
      label: String(layer + 1),
      values: Array.from({ length: concepts }, (_, concept) => {
        const all = chosen.positions.map(
          (position) => result.figures.data[(layer * positions + position) * concepts + concept]!,
        );
        return all.reduce((sum, value) => sum + value, 0) / all.length;
      }),
      band,
    }));
  }, [result, chosen]);
  const title = texts.parts.throughDepth({ token: chosen.label });
  return (
    <section className={shell.group} aria-label={title}>
      <h2 className={shell.heading}>{title}</h2>
      <LayerBars
        layers={layers}
        concepts={params.concepts}
        format={cosine}
        selected={{ layer: row, concept: -1 }}
        texts={{
          caption: title,
          concept: texts.concepts.conceptColumn,
          inside: texts.concepts.insideBand,
          layer: (label) => texts.concepts.layerNumber({ layer: Number(label) }),
        }}
        onSelect={(layer) => vitrine.change('concepts', { cell: `${layer}.${column}` }, 'replace')}
      />
      <p className={shell.small}>{texts.parts.throughDepthHint}</p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          const { layersSvg } = await import('../saving/save-matrix.ts');
          await saveTable(kind, {
            kind: 'answer-depth',
            model: params.model,
            recipe: result.recipe,
            device: result.device,
            parameters: { question: params.question, prefix: params.prefix, token: chosen.label },
            name: ['depth', chosen.label, params.model],
            head: ['site', 'concept', 'figure', 'null_low', 'null_high'],
            rows: layers.flatMap(({ key, values, band }) =>
              params.concepts.map((concept, i) => [key, concept, values[i]!, band.low, band.high]),
            ),
            svg: layersSvg(`${title} · ${params.model}`, layers, params.concepts, { format: cosine }),
          });
        }}
      />
    </section>
  );
}
