import { useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import { LayerBars } from '../../charts/layer-bars.tsx';
import type { Pixels } from '../../protocol/image.ts';
import type { Explanation, WordRelevance } from '../../protocol/jobs.ts';
import { type Finished, type Run, shownOf } from '../../state/run.ts';
import { type Chip, chipsOf } from '../../state/words.ts';
import attention from '../attention/attention.module.css';
import { Cautions } from '../cautions.tsx';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { cosine, logit, seconds } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { RunFailure } from '../run-failure.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './concepts.module.css';
import { SeparationTable } from './separation-table.tsx';
import { WithoutHeads } from './without-heads.tsx';

/** Middle of the concepts view: the picture with a word's patch relevance, the words, and depth below. */
export function ConceptsStage() {
  const texts = useTexts();
  const run = useRun('explain');
  const opening = useStore(useVitrine().opening);
  const finished = shownOf(run);
  const chosen = useChosen(run);
  const trouble = run.status === 'failed' && (
    <div className={shell.group}>
      <RunFailure run={run} />
    </div>
  );
  if (!finished) {
    const doing =
      run.status === 'running' && run.progress?.phase === 'load' ? texts.run.loading : texts.run.waiting;
    const state = run.status === 'running' ? doing : texts.run.nothing;
    return (
      <>
        {trouble}
        <div className={attention.picture}>
          <div className={attention.frame}>
            {chosen ? (
              <>
                <PixelsCanvas
                  pixels={chosen}
                  className={attention.preview}
                  label={texts.concepts.picturedAs}
                />
                <p className={attention.caption}>{state}</p>
              </>
            ) : (
              <div className={attention.empty}>{state}</div>
            )}
          </div>
        </div>
      </>
    );
  }
  const broken = opening.status === 'failed' && opening.failure.code === 'bad-link';
  return (
    <>
      {trouble}
      <div className={shell.group} aria-busy={run.status === 'running'}>
        <Exhibit finished={finished} old={run.status !== 'done' || broken} />
        <Depth finished={finished} />
        <SeparationTable />
      </div>
    </>
  );
}

/** The visitor's picture as far as the page has it already: it stands there before, and even without, a result. */
function useChosen(run: Run<'explain'>): Pixels | undefined {
  const gallery = useRun('gallery');
  if (run.status === 'idle') return undefined;
  const { image } = run.params;
  if (image.kind === 'pixels') return image.pixels;
  return shownOf(gallery)?.result.find(({ seed }) => seed === image.seed)?.pixels;
}

/** Largest magnitude over all words: one scale, so that words can be compared. */
function magnitude(relevance: readonly WordRelevance[]): number {
  let max = 0;
  for (const { patches, band } of relevance) {
    for (const value of patches.data) max = Math.max(max, Math.abs(value));
    max = Math.max(max, Math.abs(band.low), Math.abs(band.high));
  }
  return max;
}

function Exhibit({ finished, old }: { readonly finished: Finished<'explain'>; readonly old: boolean }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const key = useAddress((address) => address.concepts.word);
  const { result } = finished;
  const [reading, setReading] = useState<string>();
  const chips = useMemo(() => chipsOf(result.reading).filter((chip) => chip.special === undefined), [result]);
  const scale = useMemo<HeatScale>(() => ({ kind: 'diverging', max: magnitude(result.relevance) }), [result]);
  const chip = chips.find((entry) => entry.key === key);
  const relevance = chip && relevanceOf(result, chip);
  const drawn = useCallback(() => {
    performance.mark('heatmap-drawn');
  }, []);
  const describe = ({
    value,
    row,
    column,
  }: {
    readonly value: number;
    readonly row: number;
    readonly column: number;
  }) => texts.concepts.reading({ value: logit(value), row: row + 1, column: column + 1 });
  return (
    <>
      <div className={attention.picture}>
        <div className={`${attention.frame} ${old ? styles.busy : ''}`}>
          <Heatmap
            image={result.image}
            heat={relevance?.patches}
            scale={scale}
            opacity={0.75}
            label={chip ? texts.concepts.relevanceOf({ word: chip.text }) : texts.concepts.picturedAs}
            hint={texts.attention.pointHint}
            describe={describe}
            onRead={(at) => setReading(at && relevance && describe(at))}
            onDrawn={drawn}
          />
          <p className={attention.caption}>
            <span>{reading ?? (relevance ? texts.attention.pointHint : texts.concepts.picturedAs)}</span>
            <span>
              {old
                ? texts.run.outdated
                : texts.run.took({ seconds: seconds(result.elapsedMs), device: texts.status[result.device] })}
            </span>
          </p>
          {relevance && (
            <div className={attention.caption}>
              <div style={{ flex: '1 1 12rem' }}>
                <HeatLegend
                  scale={scale}
                  label={texts.concepts.band({
                    low: logit(relevance.band.low),
                    high: logit(relevance.band.high),
                  })}
                />
              </div>
            </div>
          )}
        </div>
      </div>
      {chip && relevance && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveHeat } = await import('../saving/save-heat.ts');
            const { conceptSettings } = await import('../saving/save-concepts.ts');
            const { parameters, ...about } = conceptSettings(finished);
            const { low, high } = relevance.band;
            const without = finished.params.without.map(({ layer, head }) => `${layer}.${head}`);
            await saveHeat(kind, {
              image: result.image,
              grid: relevance.patches,
              scale,
              label: chip.text,
              unit: 'logit',
              baseline: high,
              settings: {
                kind: 'patch-relevance',
                ...about,
                recipe: 'text-relevance',
                parameters: { ...parameters, word: chip.text, without, nullLow: low, nullHigh: high },
              },
              name: ['relevance', chip.text],
            });
          }}
        />
      )}
      <Cautions cautions={result.cautions} />
      <WithoutHeads heads={finished.params.without} />
      <section aria-label={texts.concepts.words} className={shell.group}>
        <p className={attention.hint}>{texts.concepts.wordHint}</p>
        <ul className={attention.chips}>
          {chips.map((entry) => (
            <li key={entry.key}>
              <button
                type="button"
                className={attention.chip}
                aria-pressed={entry.key === key}
                data-known={entry.known}
                title={entry.known ? undefined : texts.attention.unknownChip}
                onClick={() => {
                  performance.mark('word-click');
                  vitrine.change('concepts', { word: entry.key === key ? '' : entry.key }, 'push');
                }}
              >
                <span className={attention.word}>{entry.text}</span>
              </button>
            </li>
          ))}
        </ul>
        {key !== '' && !chip && <Message tone="error">{texts.error.wordMissing({ words: key })}</Message>}
      </section>
    </>
  );
}

/** The word of the result that a chip stands for: told by its place in the sequence. */
function relevanceOf(result: Explanation, chip: Chip): WordRelevance | undefined {
  return result.relevance.find(({ word }) => word.positions[0] === chip.positions[0]);
}

/** Every concept through every layer; a cell chooses the layer that is drawn at the right. */
function Depth({ finished }: { readonly finished: Finished<'explain'> }) {
  const { params, result } = finished;
  const texts = useTexts();
  const vitrine = useVitrine();
  const layer = useAddress((address) => address.concepts.layer);
  const concepts = useMemo(() => result.scores.map(({ concept }) => concept), [result]);
  const layers = useMemo(
    () =>
      result.layers.map(({ site, block, similarity, band }) => ({
        key: site,
        label: String(block + 1),
        values: similarity,
        band,
      })),
    [result],
  );
  if (concepts.length === 0) return null;
  const chosen = layer === 'last' ? layers.length - 1 : layer;
  return (
    <section className={shell.group} aria-label={texts.concepts.similarity}>
      <h2 className={shell.heading}>{texts.concepts.similarity}</h2>
      <LayerBars
        layers={layers}
        concepts={concepts}
        format={cosine}
        selected={{ layer: chosen, concept: -1 }}
        texts={{
          caption: texts.concepts.similarity,
          concept: texts.concepts.conceptColumn,
          inside: texts.concepts.insideBand,
          layer: (label) => texts.concepts.layerNumber({ layer: Number(label) }),
        }}
        onSelect={(index) => vitrine.change('concepts', { layer: index }, 'replace')}
      />
      <p className={shell.small}>
        {params.vectors === 'means'
          ? texts.parts.bandMeans
          : `${texts.concepts.similarityHint} ${texts.concepts.lensHint}`}
      </p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveConcepts } = await import('../saving/save-concepts.ts');
          await saveConcepts(kind, finished, texts.concepts.similarity, cosine);
        }}
      />
    </section>
  );
}
