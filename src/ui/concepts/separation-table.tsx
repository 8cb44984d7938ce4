import { useMemo } from 'react';
import { LayerBars } from '../../charts/layer-bars.tsx';
import { separationSurvey } from '../../state/concept-runs.ts';
import { PRESETS } from '../../state/presets.ts';
import { keyOf, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';

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
  const layers = useMemo(
    () =>
      result?.layers.map(({ site, block, auc }) => ({
        key: site,
        label: String(block + 1),
        values: auc.map(centre),
      })) ?? [],
    [result],
  );
  if (concepts.length === 0) return null;
  return (
    <section className={shell.group} aria-label={texts.parts.separation}>
      <h2 className={shell.heading}>{texts.parts.separation}</h2>
      {result && (
        <>
          <LayerBars
            layers={layers}
            concepts={finished?.params.concepts ?? []}
            max={0.5}
            format={shownAuc}
            inside={({ layer, concept }) => isLuck(result, layer, concept)}
            texts={{
              caption: texts.parts.separation,
              concept: texts.concepts.conceptColumn,
              inside: texts.concepts.insideBand,
              layer: (label) => texts.concepts.layerNumber({ layer: Number(label) }),
            }}
          />
          <p className={shell.small}>{texts.parts.separationHint({ scenes: result.scenes })}</p>
          {concepts.some((concept) => SIDES.includes(concept)) && (
            <p className={shell.small}>{texts.parts.positionHint}</p>
          )}
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveTable } = await import('../saving/save-table.ts');
              const { layersSvg } = await import('../saving/save-matrix.ts');
              await saveTable(kind, {
                kind: 'separation',
                model,
                recipe: vectors === 'text' ? 'text-lens' : 'contrastive-means',
                device: result.device,
                parameters: {
                  scenes: result.scenes,
                  concepts: [...concepts],
                  vectors,
                  templates: [...templates],
                },
                name: ['separation', vectors],
                svg: layersSvg(texts.parts.separation, layers, concepts, {
                  format: shownAuc,
                  max: 0.5,
                  inside: (layer, concept) => isLuck(result, layer, concept),
                }),
                head: [
                  'site',
                  'concept',
                  'auc',
                  'effect_d',
                  'random_low',
                  'random_high',
                  'shuffled_low',
                  'shuffled_high',
                  'shown_in',
                ],
                rows: result.layers.flatMap(({ site, auc, effect, randomBand }) =>
                  concepts.map((concept, i) => [
                    site,
                    concept,
                    auc[i]!,
                    effect[i]!,
                    randomBand[i]!.low,
                    randomBand[i]!.high,
                    result.shuffled[i]!.low,
                    result.shuffled[i]!.high,
                    result.positives[i]!,
                  ]),
                ),
              });
            }}
          />
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

/** Around chance, so that colour means better or worse than it. */
function centre(auc: number): number {
  return auc - 0.5;
}

function shownAuc(value: number): string {
  return Number.isFinite(value) ? (value + 0.5).toFixed(2) : '–';
}

function isLuck(
  { layers, shuffled }: NonNullable<ReturnType<typeof shownOf<'separate'>>>['result'],
  layer: number,
  concept: number,
): boolean {
  const { auc, randomBand } = layers[layer]!;
  const value = auc[concept]!;
  if (!Number.isFinite(value)) return true;
  return value <= randomBand[concept]!.high || value <= shuffled[concept]!.high;
}
