import { keyOf, shownOf } from '../../state/run.ts';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import { SeparationFigures } from './separation-figures.tsx';
import type { AnswerMap } from './use-answer.ts';

/** Do these vectors tell other pictures apart where the model answers: AUC by layer, on request. */
export function AnswerSeparation({ map }: { readonly map: AnswerMap }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('separateAnswer');
  const finished = shownOf(run);
  const { model, question, prefix, concepts, vectors } = map.finished.params;
  const params = { model, question, prefix, concepts, vectors };
  const current = finished !== undefined && keyOf(finished.params) === keyOf(params);
  return (
    <section className={shell.group} aria-label={texts.parts.separation}>
      <h2 className={shell.heading}>{texts.parts.separation}</h2>
      <p className={shell.small}>{texts.parts.answerSeparationHint}</p>
      {current && (
        <SeparationFigures
          result={finished.result}
          concepts={concepts}
          about={{
            kind: 'answer-separation',
            model,
            recipe: finished.result.recipe,
            parameters: { question, prefix, concepts: [...concepts], scenes: finished.result.scenes },
            name: ['separation', question, vectors, model],
          }}
        />
      )}
      {(run.status === 'running' || run.status === 'failed') && (
        <JobState
          run={run}
          describe={(done, total) => texts.parts.embedding({ done, total })}
          onCancel={vitrine.runs.separateAnswer.cancel}
        />
      )}
      {!current && run.status !== 'running' && (
        <div className={shell.row}>
          <Button onClick={() => vitrine.runs.separateAnswer.start(params)}>{texts.parts.separate}</Button>
        </div>
      )}
    </section>
  );
}
