import { useState } from 'react';
import type { ReferParams } from '../../protocol/concepts.ts';
import type { ImageSource } from '../../protocol/image.ts';
import { keyOf, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import { RefereeControls } from './referee-controls.tsx';
import { RefereeVerdict } from './referee-verdict.tsx';

/** The causal referee: take a concept's direction out, or add it, and see what becomes of the answer. */
export function Referee(props: {
  readonly image: ImageSource;
  readonly best: number;
  readonly depth: number;
}) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('refer');
  const { model, concepts, asked, layer, vectors, templates } = useAddress((address) => address.concepts);
  const [act, setAct] = useState<ReferParams['act']>('remove');
  const concept = asked === 'none' || asked >= concepts.length ? props.best : asked;
  const from = layer === 'last' ? Math.floor(props.depth / 2) : Math.min(layer, props.depth - 1);
  const changed = { concept, from, act, seed: 1 };
  const params: ReferParams = { model, image: props.image, concepts, vectors, templates, ...changed };
  const finished = shownOf(run);
  const current = finished !== undefined && keyOf(finished.params) === keyOf(params) ? finished : undefined;
  const start = (next: ReferParams['act']): void => {
    setAct(next);
    vitrine.runs.refer.start({ ...params, act: next });
  };
  return (
    <section className={shell.group} aria-label={texts.parts.referee}>
      <h2 className={shell.heading}>{texts.parts.referee}</h2>
      <p className={shell.small}>{texts.parts.refereeHint}</p>
      <RefereeControls
        concepts={concepts}
        concept={concept}
        from={from}
        depth={props.depth}
        onStart={start}
      />
      <JobState
        run={run}
        describe={(done, total) => texts.parts.sceneCount({ done, total })}
        onCancel={vitrine.runs.refer.cancel}
      />
      {current && <Outcome finished={current} />}
    </section>
  );
}

function Outcome({ finished }: { readonly finished: NonNullable<ReturnType<typeof shownOf<'refer'>>> }) {
  const texts = useTexts();
  const { params, result } = finished;
  const name = params.concepts[params.concept]!;
  return (
    <div className={shell.group} aria-live="polite">
      <RefereeVerdict
        watched={name}
        before={result.before[params.concept]!}
        after={result.after[params.concept]!}
        matched={result.matched}
        percentile={result.percentile}
        concept={name}
        concepts={params.concepts}
        others={result.others}
      />
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          await saveTable(kind, {
            kind: 'referee',
            model: params.model,
            recipe: result.recipe,
            device: result.device,
            parameters: {
              concept: name,
              act: params.act,
              from: params.from,
              vectors: params.vectors,
              templates: [...(params.templates ?? [])],
              percentile: result.percentile,
              matched: [...result.matched],
            },
            name: ['referee', params.act, name],
            head: ['concept', 'before', 'after', 'own_after_this_direction'],
            rows: params.concepts.map((label, index) => [
              label,
              result.before[index]!,
              result.after[index]!,
              result.others[index]!,
            ]),
            bars: {
              title: texts.parts.refereeOthers,
              unit: name,
              bars: params.concepts.map((label, index) => ({ label, value: result.others[index]! })),
            },
          });
        }}
      />
    </div>
  );
}
