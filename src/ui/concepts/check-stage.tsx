import { useCallback, useMemo, useState } from 'react';
import { DataTable, type DataTableColumn } from '../../charts/data-table.tsx';
import type { Sort } from '../../charts/table.ts';
import type { PairRow } from '../../state/pair-table.ts';
import type { Texts } from '../../text/texts.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useLanguage, useTexts, useVitrine } from '../context.ts';
import { Check } from '../controls/check.tsx';
import { Field } from '../controls/field.tsx';
import { cosine } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { useCheck } from './use-check.ts';

/** Rows of a drawn list: a picture each; a table holds all pairs. */
const DRAWN = 40;

/** Middle of the data check: every pair, the worst first. */
export function CheckStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const pair = useAddress((address) => address.concepts.pair);
  const [sort, setSort] = useState<Sort>({ key: 'alignment', direction: 'ascending' });
  const [filter, setFilter] = useState('');
  const [doubtful, setDoubtful] = useState(false);
  const [copies, setCopies] = useState(false);
  const check = useCheck();
  const columns = useMemo(() => columnsOf(texts), [texts]);
  const keep = useCallback(
    (row: PairRow) => (!doubtful || row.mismatch) && (!copies || row.twin !== undefined),
    [doubtful, copies],
  );
  if (!check) return <div className={attention.empty}>{texts.run.waiting}</div>;
  const { rows, collection, items } = check;
  return (
    <section className={shell.group} aria-label={texts.parts.pairs}>
      <h2 className={shell.heading}>{texts.parts.pairs}</h2>
      <p aria-live="polite">
        {texts.parts.counts({
          pairs: rows.length,
          mismatches: rows.filter(({ mismatch }) => mismatch).length,
          twins: rows.filter(({ twin }) => twin !== undefined).length,
        })}
      </p>
      <Field label={texts.parts.filterPairs}>
        {(ids) => (
          <input {...ids} value={filter} maxLength={60} onChange={({ target }) => setFilter(target.value)} />
        )}
      </Field>
      <div className={shell.row}>
        <Check label={texts.parts.onlyDoubtful} checked={doubtful} onChange={setDoubtful} />
        <Check label={texts.parts.onlyTwins} checked={copies} onChange={setCopies} />
      </div>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={(row) => row.pair}
        label={texts.parts.pairs}
        empty={texts.parts.noPairs}
        filter={filter}
        keep={keep}
        sort={sort}
        onSort={setSort}
        selected={pair === 'none' ? undefined : pair}
        onActivate={(row) => vitrine.change('concepts', { pair: row.pair }, 'push')}
        language={language}
        height={520}
        minWidth="42rem"
      />
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          const { listing } = await import('../saving/save-listing.ts');
          const worst = [...rows].sort((a, b) => a.alignment - b.alignment);
          const { result, params } = collection;
          await saveTable(kind, {
            kind: 'data-check',
            model: params.model,
            recipe: result.recipe,
            device: result.device,
            parameters: { pairs: rows.length, chanceLow: result.chance.low, chanceHigh: result.chance.high },
            name: ['check', params.model],
            head: [
              'file',
              'caption',
              'alignment',
              'cosine',
              'caption_rank',
              'picture_rank',
              'likely_mismatch',
              'better_caption',
              'near_duplicate',
              'same_caption',
            ],
            rows: worst.map((row) => [
              row.name,
              row.caption,
              row.alignment,
              row.cosine,
              row.captionRank,
              row.pictureRank,
              row.mismatch,
              row.better ?? null,
              row.twin ?? null,
              row.sameCaption,
            ]),
            svg: await listing(kind, {
              title: texts.parts.pairs,
              columns: [
                { label: texts.parts.alignment, width: 80, align: 'end' },
                { label: texts.parts.picture, width: 130, align: 'start' },
                { label: texts.parts.caption, width: 360, align: 'start' },
                { label: texts.parts.remark, width: 200, align: 'start' },
                { label: texts.parts.betterCaption, width: 360, align: 'start' },
              ],
              rows: worst.slice(0, DRAWN).map((row) => ({
                pixels: items[row.pair]!.pixels,
                cells: [cosine(row.alignment), row.name, row.caption, remarkOf(row, texts), row.better ?? ''],
              })),
              note: texts.parts.firstOf({ shown: Math.min(DRAWN, worst.length), all: worst.length }),
            }),
          });
        }}
      />
    </section>
  );
}

function columnsOf(texts: Texts): readonly DataTableColumn<PairRow>[] {
  const { parts } = texts;
  return [
    {
      key: 'alignment',
      label: parts.alignment,
      kind: 'number',
      width: '7em',
      value: ({ alignment }) => alignment,
      format: ({ alignment }) => cosine(alignment),
    },
    {
      key: 'caption',
      label: parts.caption,
      kind: 'text',
      width: 'minmax(14em, 2fr)',
      value: ({ caption }) => caption,
    },
    { key: 'name', label: parts.picture, kind: 'text', width: '8em', value: ({ name }) => name },
    {
      key: 'remark',
      label: parts.remark,
      kind: 'text',
      width: 'minmax(9em, 1fr)',
      value: (row) => remarkOf(row, texts),
    },
  ];
}

function remarkOf({ mismatch, twin, sameCaption }: PairRow, { parts }: Texts): string {
  return [
    mismatch ? parts.mismatch : '',
    twin === undefined ? '' : parts.twinOf({ name: twin }),
    sameCaption ? parts.sameCaption : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
