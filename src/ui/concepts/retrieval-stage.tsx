import { JointMap, MAP_SIZE } from '../../charts/joint-map.tsx';
import { layoutPoints } from '../../charts/point-map.ts';
import type { Collection } from '../../protocol/concepts.ts';
import type { Finished } from '../../state/run.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { cosine, share } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';
import { useRetrieval } from './use-retrieval.ts';
import { ZeroShotTable } from './zero-shot-table.tsx';

/** Pictures that stand on the page; a file holds the whole order. */
const SHOWN = 12;
/** Rows of a drawn list. */
const DRAWN = 24;

/** Middle of retrieval: the pictures that the words find, then both modalities on one map. */
export function RetrievalStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { pair, centred } = useAddress((address) => address.concepts);
  const { collection, shelf, found, query } = useRetrieval();
  if (!collection || !shelf) return <div className={attention.empty}>{texts.run.waiting}</div>;
  return (
    <>
      <section className={shell.group} aria-label={texts.parts.foundFor({ query })}>
        <h2 className={shell.heading}>{texts.parts.foundFor({ query })}</h2>
        <ol className={styles.results}>
          {found?.slice(0, SHOWN).map((entry) => {
            const item = shelf.items[entry.index]!;
            const name = item.caption === '' ? item.name : item.caption;
            return (
              <li key={entry.index}>
                <button
                  type="button"
                  className={styles.result}
                  aria-pressed={entry.index === pair}
                  aria-label={texts.parts.resultOf({ name, cosine: cosine(entry.cosine) })}
                  onClick={() => vitrine.change('concepts', { pair: entry.index }, 'push')}
                >
                  <PixelsCanvas pixels={item.pixels} />
                  <span className={styles.name}>{name}</span>
                  <span className={styles.figure}>{cosine(entry.cosine)}</span>
                </button>
              </li>
            );
          })}
        </ol>
        <p className={shell.small}>{texts.parts.resultHint}</p>
        {found && (
          <SaveButtons
            kinds={['png', 'svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveTable } = await import('../saving/save-table.ts');
              const { listing } = await import('../saving/save-listing.ts');
              await saveTable(kind, {
                kind: 'retrieval',
                model: collection.params.model,
                recipe: 'cosine',
                device: collection.result.device,
                parameters: { query, pictures: shelf.items.length, centred },
                name: ['retrieval', query],
                head: ['rank', 'picture', 'caption', 'cosine'],
                rows: found.map((entry, rank) => [
                  rank + 1,
                  shelf.items[entry.index]!.name,
                  shelf.items[entry.index]!.caption,
                  entry.cosine,
                ]),
                svg: await listing(kind, {
                  title: texts.parts.foundFor({ query }),
                  columns: [
                    { label: '#', width: 40, align: 'end' },
                    { label: texts.parts.picture, width: 130, align: 'start' },
                    { label: texts.parts.caption, width: 400, align: 'start' },
                    { label: texts.concepts.similarityColumn, width: 80, align: 'end' },
                  ],
                  rows: found.slice(0, DRAWN).map((entry, rank) => {
                    const { name, caption, pixels } = shelf.items[entry.index]!;
                    return { pixels, cells: [String(rank + 1), name, caption, cosine(entry.cosine)] };
                  }),
                  note: texts.parts.firstOf({ shown: Math.min(DRAWN, found.length), all: found.length }),
                }),
              });
            }}
          />
        )}
      </section>
      <ZeroShotTable collection={collection} items={shelf.items} />
      <BothMap collection={collection} names={shelf.items.map(({ name }) => name)} />
    </>
  );
}

function BothMap(props: { readonly collection: Finished<'collect'>; readonly names: readonly string[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { pair, centred } = useAddress((address) => address.concepts);
  const { result, params } = props.collection;
  const map: Collection['raw'] = centred ? result.centred : result.raw;
  return (
    <section className={shell.group} aria-label={texts.parts.map}>
      <h2 className={shell.heading}>{texts.parts.map}</h2>
      <JointMap
        points={map.points}
        label={texts.parts.mapLabel}
        pictures={texts.parts.pictures}
        captions={texts.parts.captions}
        selected={pair === 'none' ? undefined : pair}
        onPick={(index) => vitrine.change('concepts', { pair: index }, 'push')}
      />
      <p className={shell.small}>
        {texts.parts.mapHint({ share: share(map.share) })}{' '}
        {centred ? texts.parts.gapClosed : texts.parts.gap({ value: result.gap.toFixed(2) })}
      </p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          const { pointsSvg } = await import('../../exports/points-svg.ts');
          const count = props.names.length;
          const kinds = ['picture', 'caption'] as const;
          await saveTable(kind, {
            kind: 'joint-map',
            model: params.model,
            recipe: 'pca',
            device: result.device,
            parameters: { centred, gap: result.gap, share: map.share },
            name: ['map', params.model, centred ? 'centred' : 'raw'],
            head: ['name', 'kind', 'first', 'second'],
            rows: Array.from({ length: 2 * count }, (_, point) => [
              props.names[point % count]!,
              kinds[point < count ? 0 : 1],
              map.points.data[2 * point]!,
              map.points.data[2 * point + 1]!,
            ]),
            svg: (settings) =>
              pointsSvg(
                layoutPoints(map.points, MAP_SIZE).map((at, point) => ({
                  ...at,
                  kind: kinds[point < count ? 0 : 1],
                })),
                Array.from({ length: count }, (_, index) => [index, index + count] as const),
                MAP_SIZE,
                texts.parts.map,
                settings,
              ),
          });
        }}
      />
    </section>
  );
}
