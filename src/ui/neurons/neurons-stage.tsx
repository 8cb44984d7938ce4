import { useCallback, useMemo, useState } from 'react';
import { categoryColour } from '../../charts/category.ts';
import { DataTable, type DataTableColumn } from '../../charts/data-table.tsx';
import type { Sort } from '../../charts/table.ts';
import type { DissectionRow } from '../../protocol/dissection.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useLanguage, useRun, useTexts, useVitrine } from '../context.ts';
import { Check } from '../controls/check.tsx';
import { Field } from '../controls/field.tsx';
import { Message } from '../controls/message.tsx';
import { Select } from '../controls/select.tsx';
import { activation, overlap, seconds, share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { categories, categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { isDetector, useRows } from './use-rows.ts';

/** Middle of the neurons view: the table of units. */
export function NeuronsStage() {
  const texts = useTexts();
  const { rows, state } = useRows();
  const { neurons } = texts;
  if (state === 'none') {
    return (
      <div className={styles.intro}>
        <p>{neurons.what}</p>
        <p>{neurons.start}</p>
      </div>
    );
  }
  return (
    <>
      <Recipe />
      {state === 'partial' && <p className={shell.small}>{neurons.partial}</p>}
      {state === 'stopped' && <Message tone="caution">{neurons.partialStopped}</Message>}
      <Units rows={rows} />
    </>
  );
}

function Recipe() {
  const texts = useTexts();
  const finished = shownOf(useRun('dissect'));
  if (!finished) return null;
  const { quantile, scenes, seed, elapsedMs, device } = finished.result;
  return (
    <div className={shell.row} style={{ justifyContent: 'space-between' }}>
      <p className={shell.small}>{texts.neurons.recipe({ percent: share(quantile), scenes, seed })}</p>
      <p className={shell.small}>
        {texts.run.took({ seconds: seconds(elapsedMs), device: texts.status[device] })}
      </p>
      <SaveButtons
        kinds={['csv', 'json']}
        save={async (kind) => {
          const { saveNeurons } = await import('../saving/save-neurons.ts');
          saveNeurons(kind, finished);
        }}
      />
    </div>
  );
}

function Units({ rows }: { readonly rows: readonly DissectionRow[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const unit = useAddress((address) => address.neurons.unit);
  const [filter, setFilter] = useState('');
  const [category, setCategory] = useState('all');
  const [detectors, setDetectors] = useState(false);
  const [sort, setSort] = useState<Sort>({ key: 'iou', direction: 'descending' });
  const [count, setCount] = useState(rows.length);
  const columns = useMemo(() => columnsOf(texts), [texts]);
  const keep = useCallback(
    (row: DissectionRow) =>
      (category === 'all' || row.category === category) && (!detectors || isDetector(row)),
    [category, detectors],
  );
  const total = useMemo(() => rows.filter(isDetector).length, [rows]);
  const { neurons } = texts;
  return (
    <>
      <div className={styles.filters}>
        <Field label={neurons.filter}>
          {(ids) => (
            <input {...ids} type="search" value={filter} onChange={({ target }) => setFilter(target.value)} />
          )}
        </Field>
        <Select
          label={neurons.category}
          value={category}
          options={[
            { value: 'all', label: neurons.allCategories },
            ...categories.map((value) => ({ value, label: categoryName(value, texts) })),
          ]}
          onChange={setCategory}
        />
        <Check label={neurons.detectorsOnly} checked={detectors} onChange={setDetectors} />
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
        onSort={setSort}
        selected={unit === 'none' ? undefined : unit}
        onActivate={(row) => {
          vitrine.change('neurons', { unit: row.unit }, 'push');
          vitrine.run();
        }}
        onCount={setCount}
        language={language}
        height={560}
        minWidth="44rem"
      />
      <p className={shell.small}>
        {neurons.iouHint} {neurons.ceilingHint}
      </p>
    </>
  );
}

function columnsOf(texts: ReturnType<typeof useTexts>): readonly DataTableColumn<DissectionRow>[] {
  const { neurons } = texts;
  return [
    { key: 'unit', label: neurons.unit, kind: 'number', value: ({ unit }) => unit, width: '4.5rem' },
    {
      key: 'concept',
      label: neurons.concept,
      kind: 'text',
      value: ({ concept, dead }) => (dead ? '' : concept),
      format: ({ concept, dead }) => (dead ? neurons.dead : concept),
      width: 'minmax(6rem, 1.2fr)',
    },
    {
      key: 'category',
      label: neurons.category,
      kind: 'text',
      value: ({ category, dead }) => (dead ? '' : categoryName(category, texts)),
      render: ({ category, dead }) =>
        dead ? null : (
          <span className={styles.category}>
            <span className={styles.dot} style={{ background: categoryColour(category) }} />
            {categoryName(category, texts)}
          </span>
        ),
      width: 'minmax(6rem, 1fr)',
    },
    {
      key: 'iou',
      label: neurons.iou,
      kind: 'number',
      value: ({ iou, dead }) => (dead ? Number.NaN : iou),
      format: ({ iou, dead }) => (dead ? '' : overlap(iou)),
      width: '4.5rem',
    },
    {
      key: 'ceiling',
      label: neurons.ceiling,
      kind: 'number',
      value: ({ ceiling, dead }) => (dead ? Number.NaN : ceiling),
      format: ({ ceiling, dead }) => (dead ? '' : overlap(ceiling)),
      width: '5.5rem',
    },
    {
      key: 'threshold',
      label: neurons.threshold,
      kind: 'number',
      value: ({ threshold }) => threshold,
      format: ({ threshold }) => activation(threshold),
      width: '7rem',
    },
    {
      key: 'runner-up',
      label: neurons.runnerUp,
      kind: 'text',
      value: ({ runnerUp, dead }) => (dead ? '' : runnerUp),
      format: ({ runnerUp, runnerUpIou, dead }) => (dead ? '' : `${runnerUp} ${overlap(runnerUpIou)}`),
      width: 'minmax(7rem, 1.2fr)',
    },
  ];
}
