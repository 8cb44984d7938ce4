import { useCallback, useMemo, useState } from 'react';
import { DataTable, type DataTableColumn } from '../../charts/data-table.tsx';
import type { Sort } from '../../charts/table.ts';
import type { NamedUnit } from '../../protocol/naming.ts';
import { cleanText, LIMITS } from '../../state/address.ts';
import { type Finished, shownOf } from '../../state/run.ts';
import type { Texts } from '../../text/texts.ts';
import { useAddress, useLanguage, useRun, useTexts, useVitrine } from '../context.ts';
import { Check } from '../controls/check.tsx';
import { Field } from '../controls/field.tsx';
import { Message } from '../controls/message.tsx';
import { activation, seconds } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { Intro } from './intro.tsx';
import styles from './neurons.module.css';
import { useRows } from './use-rows.ts';

/** Units named with words, where no labels are needed. */
export function WordsPanel() {
  const { naming } = useTexts();
  const finished = shownOf(useRun('nameUnits'));
  return finished ? <Names finished={finished} /> : <Intro lead={naming.lead} next={naming.start} />;
}

function Names({ finished }: { readonly finished: Finished<'nameUnits'> }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const { params, result } = finished;
  const { find, unit } = useAddress((address) => address.neurons);
  const dissected = useRun('dissect');
  const { rows: labelled } = useRows();
  // The dissection's names stand beside these when it is of the same layer.
  const masks = useMemo(() => {
    const same =
      dissected.status !== 'idle' &&
      dissected.params.model === params.model &&
      dissected.params.site === params.site;
    return new Map(same ? labelled.map((row) => [row.unit, row.dead ? '' : row.concept]) : []);
  }, [dissected, params, labelled]);
  const columns = useMemo(
    () => wordColumns(texts, result.chance, masks.size > 0 ? masks : undefined),
    [texts, result.chance, masks],
  );
  const [sort, setSort] = useState<Sort>({ key: 'score', direction: 'descending' });
  const [only, setOnly] = useState(false);
  const [count, setCount] = useState(result.rows.length);
  const keep = useCallback(
    ({ score, dead }: NamedUnit) => !only || (!dead && score > result.chance),
    [only, result.chance],
  );
  const above = result.rows.filter(({ score, dead }) => !dead && score > result.chance).length;
  const { naming, neurons } = texts;
  return (
    <>
      <div className={shell.row} style={{ justifyContent: 'space-between' }}>
        <p className={shell.small}>{naming.recipe({ ...result, judge: params.judge })}</p>
        <p className={shell.small}>
          {texts.run.took({ seconds: seconds(result.elapsedMs), device: texts.status[result.device] })}
        </p>
        <SaveButtons
          kinds={['csv', 'json']}
          save={async (kind) => {
            const { saveNames } = await import('../saving/save-names.ts');
            saveNames(kind, finished);
          }}
        />
      </div>
      {result.unknown.length > 0 && (
        <Message tone="caution">
          {naming.unknown({ judge: params.judge, words: result.unknown.slice(0, 24).join(', ') })}
        </Message>
      )}
      <div className={styles.filters}>
        <Field label={neurons.filter}>
          {(ids) => (
            <input
              {...ids}
              type="search"
              value={find}
              onChange={({ target }) =>
                vitrine.change('neurons', { find: cleanText(target.value, LIMITS.short) }, 'replace')
              }
            />
          )}
        </Field>
        <Check label={naming.above} checked={only} onChange={setOnly} />
      </div>
      <p className={shell.small} role="status">
        {naming.count({ shown: count, total: result.rows.length, above })}
      </p>
      <DataTable
        rows={result.rows}
        columns={columns}
        rowKey={(row) => row.unit}
        label={naming.table}
        empty={neurons.none}
        filter={find}
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
        minWidth="40rem"
      />
      <p className={shell.small}>
        {naming.hint({ chance: activation(result.chance) })} {masks.size > 0 && naming.masksHint}
      </p>
    </>
  );
}

function wordColumns(
  { naming, neurons }: Texts,
  chance: number,
  masks: ReadonlyMap<number, string> | undefined,
): readonly DataTableColumn<NamedUnit>[] {
  return [
    { key: 'unit', label: neurons.unit, kind: 'number', value: ({ unit }) => unit, width: '4.5rem' },
    {
      key: 'word',
      label: naming.word,
      kind: 'text',
      value: ({ concept, dead }) => (dead ? '' : concept),
      render: ({ concept, dead, score }) => (
        <span className={dead || score <= chance ? styles.faint : undefined}>
          {dead ? neurons.dead : concept}
        </span>
      ),
      width: 'minmax(6rem, 1fr)',
    },
    {
      key: 'score',
      label: naming.score,
      kind: 'number',
      value: ({ score, dead }) => (dead ? Number.NaN : score),
      format: ({ score, dead }) => (dead ? '' : activation(score)),
      width: '5rem',
    },
    ...(masks
      ? [
          {
            key: 'masks',
            label: naming.masks,
            kind: 'text' as const,
            value: ({ unit }: NamedUnit) => masks.get(unit) ?? '',
            width: 'minmax(6rem, 1fr)',
          },
        ]
      : []),
    {
      key: 'next',
      label: naming.next,
      kind: 'text',
      value: ({ next }) => next.map(({ concept }) => concept).join(', '),
      width: 'minmax(10rem, 2fr)',
    },
  ];
}
