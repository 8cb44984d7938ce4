import { useMemo } from 'react';
import { ConceptBars } from '../../charts/concept-bars.tsx';
import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import type { ExportBar } from '../../exports/bars.ts';
import { VECTOR_KINDS } from '../../protocol/concepts.ts';
import { type Finished, shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { Range } from '../controls/range.tsx';
import { Segments } from '../controls/segments.tsx';
import { cosine, share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { Referee } from './referee.tsx';

/** Beyond so many concepts the order of the list helps nobody to find the strongest. */
const MANY = 24;

/** Right of the concepts view: which concept fits, and how similar each is at one layer, against the null band. */
export function ConceptsInside() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const layer = useAddress((address) => address.concepts.layer);
  const vectors = useAddress((address) => address.concepts.vectors);
  const finished = shownOf(useRun('explain'));
  const result = finished?.result;
  const last = (result?.layers.length ?? 1) - 1;
  const at = layer === 'last' ? last : Math.min(layer, last);
  const probabilities = useMemo(
    () =>
      result?.scores.map(({ concept, probability, known }) => ({
        key: concept,
        // A word that the model does not know may still win: it is marked wherever it stands.
        label: known ? concept : `${concept} (?)`,
        probability,
      })) ?? [],
    [result],
  );
  const similarities = useMemo(() => {
    const entry = result?.layers[at];
    if (!result || !entry) return [];
    return result.scores.map(({ concept }, position) => ({
      key: concept,
      label: concept,
      value: entry.similarity[position] ?? Number.NaN,
      band: entry.band,
    }));
  }, [result, at]);
  if (!finished || !result) return <p className={shell.small}>{texts.run.soon}</p>;
  const { concepts } = texts;
  const foreign = result.cautions.some(({ kind }) => kind === 'foreign-image');
  return (
    <>
      {foreign && <Message tone="caution">{texts.caution.foreignFigures}</Message>}
      {probabilities.length > 0 && (
        <div className={shell.group}>
          <h2 className={shell.heading}>{concepts.probabilities}</h2>
          <ProbabilityBars
            bars={probabilities}
            texts={{
              caption: concepts.probabilities,
              label: concepts.conceptColumn,
              value: concepts.probabilityColumn,
              baseline: concepts.chance({ value: share(1 / probabilities.length) }),
            }}
          />
          <p className={shell.small}>
            {concepts.probabilitiesHint({ count: probabilities.length })}{' '}
            {concepts.chance({ value: share(1 / probabilities.length) })}
          </p>
          <SaveBars
            finished={finished}
            kind="zero-shot"
            title={concepts.probabilities}
            unit={concepts.probabilityColumn}
            column="probability"
            bars={probabilities.map(({ label, probability }) => ({ label, value: probability }))}
          />
        </div>
      )}
      {similarities.length > 0 && (
        <div className={shell.group}>
          <h2 className={shell.heading}>{concepts.similarityAt({ layer: at + 1 })}</h2>
          <Segments
            label={texts.parts.vectors}
            value={vectors}
            options={VECTOR_KINDS.map((kind) => ({ value: kind, label: texts.parts[`vectors_${kind}`] }))}
            onChange={(kind) => {
              vitrine.change('concepts', { vectors: kind }, 'push');
              vitrine.run();
            }}
          />
          <p className={shell.small}>{texts.parts[`vectorsHint_${vectors}`]}</p>
          <Range
            label={texts.attention.layer}
            value={at}
            min={0}
            max={last}
            format={(value) => `${value + 1} / ${last + 1}`}
            onChange={(value) =>
              vitrine.change('concepts', { layer: value === last ? 'last' : value }, 'replace')
            }
          />
          <ConceptBars
            bars={similarities}
            order={similarities.length > MANY ? 'descending' : 'given'}
            format={cosine}
            texts={{
              caption: concepts.similarityAt({ layer: at + 1 }),
              label: concepts.conceptColumn,
              value: concepts.similarityColumn,
              inside: concepts.insideBand,
            }}
          />
          <p className={shell.small}>
            {finished.params.vectors === 'means' ? texts.parts.bandMeans : concepts.similarityHint}
          </p>
          <SaveBars
            finished={finished}
            kind="concepts-at-layer"
            title={concepts.similarityAt({ layer: at + 1 })}
            unit={concepts.similarityColumn}
            column="cosine"
            bars={similarities}
            layer={at}
          />
        </div>
      )}
      <div className={shell.group}>
        <h2 className={shell.heading}>{concepts.match}</h2>
        <p className={shell.small}>
          {concepts.matchValue({
            value: cosine(result.promptCosine),
            low: cosine(result.promptBand.low),
            high: cosine(result.promptBand.high),
          })}
        </p>
      </div>
      {result.scores.length > 1 && (
        <Referee image={finished.params.image} best={bestOf(result.scores)} depth={last + 1} />
      )}
    </>
  );
}

/** The bars as they stand, with their null band where they have one. */
function SaveBars(props: {
  readonly finished: Finished<'explain'>;
  readonly kind: string;
  readonly title: string;
  readonly unit: string;
  /** Name of the figure's column in a file. */
  readonly column: string;
  readonly bars: readonly ExportBar[];
  readonly layer?: number;
}) {
  const { finished, kind, title, unit, column, bars, layer } = props;
  return (
    <SaveButtons
      kinds={['png', 'svg', 'csv', 'json']}
      save={async (file) => {
        const { saveTable } = await import('../saving/save-table.ts');
        const { conceptSettings } = await import('../saving/save-concepts.ts');
        const about = conceptSettings(finished);
        await saveTable(file, {
          kind,
          ...about,
          ...(layer === undefined
            ? { recipe: 'zero-shot' }
            : { parameters: { ...about.parameters, layer: layer + 1 } }),
          name: [kind, ...(layer === undefined ? [] : [layer + 1]), about.parameters.image],
          head: ['concept', column, 'null_low', 'null_high'],
          rows: bars.map(({ label, value, band }) => [label, value, band?.low ?? null, band?.high ?? null]),
          bars: { title, unit, bars },
        });
      }}
    />
  );
}

function bestOf(scores: readonly { readonly probability: number }[]): number {
  const shares = scores.map(({ probability }) => probability);
  return shares.indexOf(Math.max(...shares));
}
