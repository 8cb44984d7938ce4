import { useMemo } from 'react';
import { ConceptBars } from '../../charts/concept-bars.tsx';
import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import { VECTOR_KINDS } from '../../protocol/concepts.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { Range } from '../controls/range.tsx';
import { Segments } from '../controls/segments.tsx';
import { cosine, share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { Referee } from './referee.tsx';

/** Right of the concepts view: which concept fits, and how similar each is at one layer, against the null band. */
export function ConceptsInside() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const layer = useAddress((address) => address.concepts.layer);
  const vectors = useAddress((address) => address.concepts.vectors);
  const image = useAddress((address) => address.concepts.image);
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
      <div className={shell.group}>
        <SaveButtons
          kinds={['csv', 'json']}
          save={async (kind) => {
            const { saveConcepts } = await import('../saving/save-concepts.ts');
            saveConcepts(kind, finished, image);
          }}
        />
      </div>
    </>
  );
}

function bestOf(scores: readonly { readonly probability: number }[]): number {
  const shares = scores.map(({ probability }) => probability);
  return shares.indexOf(Math.max(...shares));
}
