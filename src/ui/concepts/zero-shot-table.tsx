import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { DataTable, type DataTableColumn } from '../../charts/data-table.tsx';
import type { Sort } from '../../charts/table.ts';
import { type Finished, shownOf } from '../../state/run.ts';
import type { ShelfItem } from '../../state/shelf.ts';
import { type Classified, classifyPictures, labelPrompts } from '../../state/zero-shot.ts';
import type { Texts } from '../../text/texts.ts';
import { useAddress, useLanguage, useTexts, useVitrine } from '../context.ts';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { JobState } from './job-state.tsx';

interface Row extends Classified {
  readonly item: ShelfItem;
}

/** Rows of a drawn list: a picture each; a table holds all. */
const DRAWN = 40;

/** Every picture of the shelf with the concept that fits it best. */
export function ZeroShotTable(props: {
  readonly collection: Finished<'collect'>;
  readonly items: readonly ShelfItem[];
}) {
  const { collection, items } = props;
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const { model, concepts, templates, pair } = useAddress((address) => address.concepts);
  const run = useStore(vitrine.runs.embedLabels.store);
  const prompts = useMemo(() => labelPrompts(concepts, templates), [concepts, templates]);
  const [sort, setSort] = useState<Sort>({ key: 'probability', direction: 'descending' });
  useEffect(() => {
    if (prompts.length > 0) vitrine.runs.embedLabels.start({ model, images: [], texts: prompts });
  }, [vitrine, model, prompts]);
  const finished = shownOf(run);
  const rows = useMemo<readonly Row[]>(() => {
    const current =
      finished?.params.model === model && finished.params.texts.join('\n') === prompts.join('\n');
    if (!current) return [];
    return classifyPictures(collection.result, finished.result, concepts, templates).map((own) => ({
      ...own,
      item: items[own.picture]!,
    }));
  }, [finished, model, prompts, collection, concepts, templates, items]);
  const columns = useMemo(() => columnsOf(texts), [texts]);
  if (concepts.length === 0) return null;
  return (
    <section className={shell.group} aria-label={texts.parts.zeroShot}>
      <h2 className={shell.heading}>{texts.parts.zeroShot}</h2>
      <JobState
        run={run}
        describe={(done, total) => texts.parts.embedding({ done, total })}
        onCancel={vitrine.runs.embedLabels.cancel}
      />
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ picture }) => picture}
        label={texts.parts.zeroShot}
        empty={texts.run.waiting}
        sort={sort}
        onSort={setSort}
        selected={pair === 'none' ? undefined : pair}
        onActivate={({ picture }) => vitrine.change('concepts', { pair: picture }, 'push')}
        language={language}
        height={320}
        minWidth="40rem"
      />
      <p className={shell.small}>
        {texts.parts.zeroShotHint({ count: concepts.length, chance: share(1 / concepts.length) })}
      </p>
      {rows.length > 0 && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveTable } = await import('../saving/save-table.ts');
            const { listing } = await import('../saving/save-listing.ts');
            await saveTable(kind, {
              kind: 'zero-shot-shelf',
              model,
              recipe: 'zero-shot',
              device: collection.result.device,
              parameters: { concepts: [...concepts], templates: [...templates], pictures: items.length },
              name: ['zero-shot', model],
              head: ['picture', 'caption', 'label', 'probability', 'second', 'margin'],
              rows: rows.map(({ item, label, probability, second, margin }) => [
                item.name,
                item.caption,
                label,
                probability,
                second,
                margin,
              ]),
              svg: await listing(kind, {
                title: texts.parts.zeroShot,
                columns: [
                  { label: texts.parts.picture, width: 130, align: 'start' },
                  { label: texts.parts.caption, width: 360, align: 'start' },
                  { label: texts.parts.zeroShotLabel, width: 130, align: 'start' },
                  { label: texts.concepts.probabilityColumn, width: 90, align: 'end' },
                  { label: texts.parts.second, width: 130, align: 'start' },
                ],
                rows: rows.slice(0, DRAWN).map(({ item, label, probability, second }) => ({
                  pixels: item.pixels,
                  cells: [item.name, item.caption, label, share(probability), second],
                })),
                note: texts.parts.firstOf({ shown: Math.min(DRAWN, rows.length), all: rows.length }),
              }),
            });
          }}
        />
      )}
    </section>
  );
}

function columnsOf(texts: Texts): readonly DataTableColumn<Row>[] {
  const { parts } = texts;
  return [
    { key: 'label', label: parts.zeroShotLabel, kind: 'text', width: '9em', value: ({ label }) => label },
    {
      key: 'probability',
      label: texts.concepts.probabilityColumn,
      kind: 'number',
      width: '7em',
      value: ({ probability }) => probability,
      format: ({ probability }) => share(probability),
    },
    { key: 'second', label: parts.second, kind: 'text', width: '9em', value: ({ second }) => second },
    {
      key: 'caption',
      label: parts.caption,
      kind: 'text',
      width: 'minmax(12em, 1fr)',
      value: ({ item }) => item.caption,
    },
    { key: 'name', label: parts.picture, kind: 'text', width: '8em', value: ({ item }) => item.name },
  ];
}
