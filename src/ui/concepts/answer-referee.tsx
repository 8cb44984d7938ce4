import { useState } from 'react';
import type { ReferAnswerParams } from '../../protocol/read-answer.ts';
import { keyOf, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import { RefereeControls } from './referee-controls.tsx';
import { RefereeVerdict } from './referee-verdict.tsx';
import type { AnswerMap } from './use-answer.ts';

/** The causal referee of an answer: take a concept's direction out of the state that answers, or add it, and see the answer move. */
export function AnswerReferee({ map }: { readonly map: AnswerMap }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('referAnswer');
  const asked = useAddress((address) => address.concepts.asked);
  const [act, setAct] = useState<ReferAnswerParams['act']>('remove');
  const { params: read, result } = map.finished;
  const { concepts } = read;
  const said = result.sequence[result.answering + 1]?.text.trim() ?? '';
  const answered = Math.max(0, concepts.indexOf(said));
  const concept = asked === 'none' || asked >= concepts.length ? answered : asked;
  const params: ReferAnswerParams = { ...read, concept, from: map.row, act, seed: 1 };
  const finished = shownOf(run);
  const current = finished !== undefined && keyOf(finished.params) === keyOf(params) ? finished : undefined;
  const start = (next: ReferAnswerParams['act']): void => {
    setAct(next);
    vitrine.runs.referAnswer.start({ ...params, act: next });
  };
  return (
    <section className={shell.group} aria-label={texts.parts.referee}>
      <h2 className={shell.heading}>{texts.parts.referee}</h2>
      <p className={shell.small}>{texts.parts.answerRefereeHint}</p>
      <RefereeControls
        concepts={concepts}
        concept={concept}
        from={map.row}
        depth={map.cells.length}
        onStart={start}
      />
      <JobState
        run={run}
        describe={(done, total) => texts.parts.embedding({ done, total })}
        onCancel={vitrine.runs.referAnswer.cancel}
      />
      {current && <Outcome finished={current} />}
    </section>
  );
}

function Outcome({
  finished,
}: {
  readonly finished: NonNullable<ReturnType<typeof shownOf<'referAnswer'>>>;
}) {
  const texts = useTexts();
  const { params, result } = finished;
  const { concepts, concept } = params;
  return (
    <div className={shell.group} aria-live="polite">
      <RefereeVerdict {...result} concept={concepts[concept]!} concepts={concepts} />
      <p className={shell.small}>{texts.parts.saysNow({ said: result.said })}</p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          await saveTable(kind, {
            kind: 'answer-referee',
            model: params.model,
            recipe: result.recipe,
            device: result.device,
            parameters: {
              question: params.question,
              prefix: params.prefix,
              concept: concepts[concept]!,
              act: params.act,
              from: params.from,
              vectors: params.vectors,
              watched: result.watched,
              before: result.before,
              percentile: result.percentile,
              matched: [...result.matched],
            },
            name: ['referee', params.act, concepts[concept]!, params.model],
            head: ['concept', 'before', 'after', 'watched_after_this_direction'],
            rows: concepts.map((label, index) => [
              label,
              result.concepts.before[index]!,
              result.concepts.after[index]!,
              result.others[index]!,
            ]),
            bars: {
              title: `${texts.parts.verdict({
                concept: result.watched,
                before: share(result.before),
                after: share(result.after),
              })} · ${params.model}`,
              unit: texts.concepts.probabilityColumn,
              bars: concepts.map((label, index) => ({ label, value: result.others[index]! })),
            },
          });
        }}
      />
    </div>
  );
}
