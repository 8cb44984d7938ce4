import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { DataTable } from '../../charts/data-table.tsx';
import type { Sort } from '../../charts/table.ts';
import type { DissectionRow } from '../../protocol/dissection.ts';
import { cleanText, LABEL_KINDS, LIMITS } from '../../state/address.ts';
import { useAddress, useLanguage, useTexts, useVitrine } from '../context.ts';
import { Check } from '../controls/check.tsx';
import { Field } from '../controls/field.tsx';
import { Message } from '../controls/message.tsx';
import { Select } from '../controls/select.tsx';
import shell from '../shell/shell.module.css';
import { categories, categoryName } from './category-name.ts';
import { CategoryStrip } from './category-strip.tsx';
import { Intro } from './intro.tsx';
import styles from './neurons.module.css';
import { RecipeLine } from './recipe-line.tsx';
import { unitColumns } from './unit-columns.tsx';
import { isDetector, useRows } from './use-rows.ts';

/** The table of units, with what it is about above it. */
export function UnitsPanel() {
  const texts = useTexts();
  const { rows, state } = useRows();
  const { neurons } = texts;
  if (state === 'none') return <Intro lead={neurons.what} next={neurons.start} />;
  return (
    <>
      <RecipeLine />
      {state === 'partial' && <p className={shell.small}>{neurons.partial}</p>}
      {state === 'stopped' && <Message tone="caution">{neurons.partialStopped}</Message>}
      <CategoryStrip rows={rows} />
      <Units rows={rows} />
    </>
  );
}

function Units({ rows }: { readonly rows: readonly DissectionRow[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const { unit, category, only, sort: wanted, find } = useAddress((address) => address.neurons);
  // What is being typed is shown at once; the table follows when there is time, the address when typing rests.
  const [typed, setTyped] = useState(find);
  const [lastFind, setLastFind] = useState(find);
  if (find !== lastFind) {
    setLastFind(find);
    if (cleanText(typed, LIMITS.short) !== find) setTyped(find);
  }
  const filter = useDeferredValue(typed);
  const columns = useMemo(() => unitColumns(texts), [texts]);
  const sort = useMemo(() => sortOf(wanted, columns), [wanted, columns]);
  const [count, setCount] = useState(rows.length);
  const keep = useCallback(
    (row: DissectionRow) => (category === 'all' || row.category === category) && (!only || isDetector(row)),
    [category, only],
  );
  const total = useMemo(() => rows.filter(isDetector).length, [rows]);
  const { neurons } = texts;
  return (
    <>
      <div className={styles.filters}>
        <Field label={neurons.filter}>
          {(ids) => (
            <input
              {...ids}
              type="search"
              value={typed}
              onChange={({ target }) => {
                setTyped(target.value);
                vitrine.change('neurons', { find: cleanText(target.value, LIMITS.short) }, 'replace');
              }}
            />
          )}
        </Field>
        <Select
          label={neurons.category}
          value={category}
          options={[
            { value: 'all', label: neurons.allCategories },
            ...categories.map((value) => ({ value, label: categoryName(value, texts) })),
          ]}
          onChange={(value) =>
            vitrine.change(
              'neurons',
              { category: LABEL_KINDS.find((kind) => kind === value) ?? 'all' },
              'replace',
            )
          }
        />
        <Check
          label={neurons.detectorsOnly}
          checked={only}
          onChange={(checked) => vitrine.change('neurons', { only: checked }, 'replace')}
        />
      </div>
      <p className={shell.small} role="status">
        {neurons.count({ shown: count, total: rows.length, detectors: total })}
      </p>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={({ unit: key }) => key}
        label={neurons.table}
        empty={neurons.none}
        filter={filter}
        keep={keep}
        sort={sort}
        onSort={({ key, direction }) => vitrine.change('neurons', { sort: `${key}.${direction}` }, 'replace')}
        selected={unit === 'none' ? undefined : unit}
        onActivate={(row) => {
          vitrine.change('neurons', { unit: row.unit }, 'push');
          vitrine.run();
        }}
        onCount={setCount}
        language={language}
        height={560}
        minWidth="60rem"
      />
      <p className={shell.small}>
        {neurons.iouHint} {neurons.ceilingHint} {neurons.aucHint} {neurons.coverageHint}
      </p>
    </>
  );
}

/** A sort as it stands in the address; the usual one for what no column is called. */
function sortOf(text: string, columns: readonly { readonly key: string }[]): Sort {
  const [key = '', direction] = text.split('.');
  const known = columns.some((column) => column.key === key);
  return known && (direction === 'ascending' || direction === 'descending')
    ? { key, direction }
    : { key: 'iou', direction: 'descending' };
}
