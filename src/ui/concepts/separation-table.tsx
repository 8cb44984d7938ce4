import { separationSurvey } from '../../state/concept-runs.ts';
import { PRESETS } from '../../state/presets.ts';
import { keyOf, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import { SeparationFigures } from './separation-figures.tsx';

const SIDES: readonly string[] = PRESETS.position;

/** Does each concept's direction tell held-out scenes apart: AUC by layer, on request. */
export function SeparationTable() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { model, concepts, vectors, templates } = useAddress((address) => address.concepts);
  const run = useRun('separate');
  const finished = shownOf(run);
  const params = { ...separationSurvey(model), concepts, vectors, templates };
  const current = finished !== undefined && keyOf(finished.params) === keyOf(params);
  const result = current ? finished.result : undefined;
  if (concepts.length === 0) return null;
  return (
    <section className={shell.group} aria-label={texts.parts.separation}>
      <h2 className={shell.heading}>{texts.parts.separation}</h2>
      {result && (
        <>
          <SeparationFigures
            result={result}
            concepts={finished?.params.concepts ?? []}
            about={{
              kind: 'separation',
              model,
              recipe: vectors === 'text' ? 'text-lens' : 'contrastive-means',
              parameters: {
                scenes: result.scenes,
                concepts: [...concepts],
                vectors,
                templates: [...templates],
              },
              name: ['separation', vectors],
            }}
          />
          {concepts.some((concept) => SIDES.includes(concept)) && (
            <p className={shell.small}>{texts.parts.positionHint}</p>
          )}
        </>
      )}
      {run.status === 'running' || run.status === 'failed' ? (
        <JobState
          run={run}
          describe={(done, total) => texts.parts.sceneCount({ done, total })}
          onCancel={vitrine.runs.separate.cancel}
        />
      ) : null}
      {!result && run.status !== 'running' && (
        <div className={shell.row}>
          <Button onClick={() => vitrine.runs.separate.start(params)}>{texts.parts.separate}</Button>
        </div>
      )}
    </section>
  );
}
