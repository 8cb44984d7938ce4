import { useEffect, useMemo } from 'react';
import { ConceptBars } from '../../charts/concept-bars.tsx';
import type { MatchPart } from '../../protocol/concepts.ts';
import { captionsFor, recalls } from '../../state/retrieval.ts';
import { shownOf } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { cosine, logit, share } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';
import styles from './parts.module.css';
import { useRetrieval } from './use-retrieval.ts';

/** Captions that stand on the page, and in a drawn list; a table holds all. */
const SHOWN = 6;
const DRAWN = 12;

/** Right of retrieval: how often the right one is found; for a chosen picture its captions and what adds to the match. */
export function RetrievalInside() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { pair, centred, model, prompt } = useAddress((address) => address.concepts);
  const { collection, shelf, found } = useRetrieval();
  const at = pair === 'none' ? found?.[0]?.index : pair;
  const item = at === undefined ? undefined : shelf?.items[at];
  useEffect(() => {
    if (item && prompt !== '') vitrine.runs.match.start({ model, image: item.image, text: prompt });
  }, [vitrine, model, item, prompt]);
  const captions = useMemo(
    () => (collection && at !== undefined ? captionsFor(collection.result, at, centred) : []),
    [collection, at, centred],
  );
  if (!collection || !shelf) return <p className={shell.small}>{texts.run.soon}</p>;
  return (
    <>
      {item && at !== undefined && (
        <div className={shell.group}>
          <div className={styles.shown}>
            <PixelsCanvas pixels={item.pixels} label={item.caption || item.name} />
          </div>
          <h2 className={shell.heading}>{texts.parts.captionsFor}</h2>
          <ol className={styles.list}>
            {captions.slice(0, SHOWN).map(({ index, cosine: value }) => (
              <li key={index} data-own={index === at}>
                <span>{shelf.items[index]?.caption}</span>
                <span className={styles.figure}>{cosine(value)}</span>
              </li>
            ))}
          </ol>
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveTable } = await import('../saving/save-table.ts');
              const { listing } = await import('../saving/save-listing.ts');
              await saveTable(kind, {
                kind: 'captions',
                model,
                recipe: 'cosine',
                device: collection.result.device,
                parameters: { picture: item.name, captions: captions.length, centred },
                name: ['captions', item.name],
                head: ['rank', 'caption', 'cosine', 'own'],
                rows: captions.map(({ index, cosine: value }, rank) => [
                  rank + 1,
                  shelf.items[index]?.caption ?? '',
                  value,
                  index === at,
                ]),
                svg: await listing(kind, {
                  title: `${texts.parts.captionsFor}: ${item.name}`,
                  columns: [
                    { label: '#', width: 40, align: 'end' },
                    { label: texts.parts.caption, width: 440, align: 'start' },
                    { label: texts.concepts.similarityColumn, width: 80, align: 'end' },
                  ],
                  rows: captions.slice(0, DRAWN).map(({ index, cosine: value }, rank) => ({
                    ...(rank === 0 && { pixels: item.pixels }),
                    cells: [String(rank + 1), shelf.items[index]?.caption ?? '', cosine(value)],
                  })),
                  note: texts.parts.firstOf({
                    shown: Math.min(DRAWN, captions.length),
                    all: captions.length,
                  }),
                }),
              });
            }}
          />
        </div>
      )}
      <MatchParts />
      <Recalls />
    </>
  );
}

/** Heads of a layer together: one bar a layer reads better than sixteen. */
function barsOf(parts: readonly MatchPart[], texts: Texts) {
  const layers = [...new Set(parts.map(({ layer }) => layer))];
  return layers.flatMap((layer) => {
    if (layer < 0)
      return parts
        .filter((part) => part.layer < 0)
        .map((part) => bar('input', texts.parts.part_input, [part]));
    const own = parts.filter((part) => part.layer === layer);
    const heads = own.filter(({ kind }) => kind === 'head');
    return [
      ...heads.map((part) =>
        bar(`h${layer}.${part.head}`, texts.parts.part_head({ layer: layer + 1, head: part.head + 1 }), [
          part,
        ]),
      ),
      ...own
        .filter(({ kind }) => kind === 'mlp')
        .map((part) => bar(`m${layer}`, texts.parts.part_mlp({ layer: layer + 1 }), [part])),
    ];
  });
}

function bar(key: string, label: string, [part]: readonly [MatchPart]) {
  return { key, label, value: part.logits, band: part.band };
}

function MatchParts() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('match');
  const finished = shownOf(run);
  const bars = useMemo(() => (finished ? barsOf(finished.result.parts, texts) : []), [finished, texts]);
  if (!finished) {
    return (
      <JobState
        run={run}
        describe={(done, total) => texts.parts.sceneCount({ done, total })}
        onCancel={vitrine.runs.match.cancel}
      />
    );
  }
  const { params, result } = finished;
  // What stands out most, first: thirty parts are too many to read at once.
  const strongest = [...bars].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 12);
  return (
    <div className={shell.group} aria-busy={run.status === 'running'}>
      <h2 className={shell.heading}>{texts.parts.matchParts}</h2>
      <JobState
        run={run}
        describe={(done, total) => texts.parts.sceneCount({ done, total })}
        onCancel={vitrine.runs.match.cancel}
      />
      <div className={styles.compact}>
        <ConceptBars
          bars={strongest}
          format={logit}
          texts={{
            caption: texts.parts.matchParts,
            label: texts.parts.part,
            value: texts.parts.logits,
            inside: texts.concepts.insideBand,
          }}
        />
      </div>
      <p className={shell.small}>{texts.parts.matchHint({ total: logit(result.total) })}</p>
      {result.pooled && <p className={shell.small}>{texts.parts.pooledHeads}</p>}
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          await saveTable(kind, {
            kind: 'match',
            model: params.model,
            recipe: result.recipe,
            device: result.device,
            parameters: {
              text: params.text,
              image: params.image.kind === 'scene' ? `scene ${params.image.seed}` : 'own',
              total: result.total,
            },
            name: ['match', params.text],
            head: ['kind', 'layer', 'head', 'logits', 'null_low', 'null_high'],
            rows: result.parts.map(({ kind: part, layer, head, logits, band }) => [
              part,
              layer,
              head,
              logits,
              band.low,
              band.high,
            ]),
            bars: { title: texts.parts.matchParts, unit: texts.parts.logits, bars },
          });
        }}
      />
    </div>
  );
}

function Recalls() {
  const texts = useTexts();
  const { collection } = useRetrieval();
  const rows = useMemo(() => (collection ? recalls(collection.result) : []), [collection]);
  const bars = rows.flatMap(({ depth, byCaption, byPicture }) => [
    { key: `c${depth}`, label: texts.parts.recallText({ k: depth }), probability: byCaption },
    { key: `p${depth}`, label: texts.parts.recallImage({ k: depth }), probability: byPicture },
  ]);
  if (!collection) return null;
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.parts.recall}</h2>
      <table className={styles.ablation}>
        <tbody>
          {bars.map(({ key, label, probability }, index) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>{share(probability)}</td>
              <td className={styles.figure}>
                {texts.parts.chance({ value: share(rows[Math.floor(index / 2)]!.chance) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          await saveTable(kind, {
            kind: 'recall',
            model: collection.params.model,
            recipe: 'cosine',
            device: collection.result.device,
            parameters: { pairs: collection.result.pairs.length },
            name: ['recall', collection.params.model],
            head: ['first', 'picture_for_caption', 'caption_for_picture', 'chance'],
            rows: rows.map(({ depth, byCaption, byPicture, chance }) => [
              depth,
              byCaption,
              byPicture,
              chance,
            ]),
            bars: {
              title: texts.parts.recall,
              unit: texts.parts.share,
              bars: bars.map(({ label, probability }) => ({ label, value: probability })),
            },
          });
        }}
      />
    </div>
  );
}
