import { useMemo, useState } from 'react';
import { DataTable, type DataTableColumn } from '../../charts/data-table.tsx';
import { LayerBars } from '../../charts/layer-bars.tsx';
import type { Sort } from '../../charts/table.ts';
import type { HeadReport, HeadsReport } from '../../protocol/concepts.ts';
import { type Finished, shownOf } from '../../state/run.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useLanguage, useRun, useTexts, useVitrine } from '../context.ts';
import { Field } from '../controls/field.tsx';
import { Segments } from '../controls/segments.tsx';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import styles from './parts.module.css';
import { propertyName } from './property-name.ts';

/** Middle of the heads: which property each head writes, then all heads with their words. */
export function HeadsStage() {
  const texts = useTexts();
  const run = useRun('heads');
  const finished = shownOf(run);
  if (!finished) {
    const state =
      run.status === 'running' && run.progress?.phase !== 'run' ? texts.run.loading : texts.run.waiting;
    return <div className={attention.empty}>{run.status === 'running' ? state : texts.run.nothing}</div>;
  }
  return (
    <>
      <PropertyMap report={finished.result} model={finished.params.model} />
      <HeadTable report={finished.result} />
      <Save finished={finished} />
    </>
  );
}

function PropertyMap(props: { readonly report: HeadsReport; readonly model: string }) {
  const { report } = props;
  const texts = useTexts();
  const vitrine = useVitrine();
  const chosen = useAddress((address) => address.concepts.head);
  const [property, setProperty] = useState('colour');
  const at = Math.max(
    0,
    report.properties.findIndex(({ name }) => name === property),
  );
  const layers = [...new Set(report.heads.map(({ layer }) => layer))];
  const columns = useMemo(() => {
    const heads = Math.max(...report.heads.map(({ head }) => head)) + 1;
    const depth = new Set(report.heads.map(({ layer }) => layer));
    return Array.from({ length: heads }, (_, head) => ({
      key: `head ${head + 1}`,
      label: String(head + 1),
      values: [...depth].map(
        (layer) =>
          report.heads.find((entry) => entry.layer === layer && entry.head === head)?.shares[at] ??
          Number.NaN,
      ),
      band: { low: 0, high: report.properties[at]!.chance },
    }));
  }, [report, at]);
  const [layer = -1, head = -1] = chosen === '' ? [] : chosen.split('.').map(Number);
  return (
    <section className={shell.group} aria-label={texts.parts.headsMap}>
      <h2 className={shell.heading}>{texts.parts.headsMap}</h2>
      <div className={styles.tabs}>
        <Segments
          label={texts.parts.property}
          value={report.properties[at]!.name}
          options={report.properties.map(({ name }) => ({ value: name, label: propertyName(name, texts) }))}
          onChange={setProperty}
        />
      </div>
      <LayerBars
        layers={columns}
        concepts={layers.map((entry) => texts.parts.layer({ layer: entry + 1 }))}
        format={share}
        max={1}
        selected={{ layer: head, concept: layers.indexOf(layer) }}
        texts={{
          caption: texts.parts.headsMap,
          concept: '',
          inside: texts.concepts.insideBand,
          layer: (label) => texts.parts.head({ head: Number(label) }),
        }}
        onSelect={(column, row) =>
          vitrine.change('concepts', { head: `${layers[row] ?? 0}.${column}` }, 'push')
        }
      />
      <p className={shell.small}>{texts.parts.headsMapHint}</p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          const { layersSvg } = await import('../saving/save-matrix.ts');
          const { name } = report.properties[at]!;
          const title = `${texts.parts.headsMap}: ${propertyName(name, texts)}`;
          const rows = layers.map((entry) => texts.parts.layer({ layer: entry + 1 }));
          await saveTable(kind, {
            kind: 'heads-map',
            model: props.model,
            recipe: report.recipe,
            device: report.device,
            parameters: { property: name },
            name: ['heads', name],
            head: ['layer', 'head', 'share', 'shuffled_high'],
            rows: report.heads.map(({ layer, head, shares }) => [
              layer,
              head,
              shares[at]!,
              report.properties[at]!.chance,
            ]),
            svg: layersSvg(title, columns, rows, { format: share, max: 1 }),
          });
        }}
      />
    </section>
  );
}

function HeadTable({ report }: { readonly report: HeadsReport }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const language = useLanguage();
  const chosen = useAddress((address) => address.concepts.head);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>({ key: 'head', direction: 'ascending' });
  const columns = useMemo<readonly DataTableColumn<HeadReport>[]>(
    () => [
      {
        key: 'head',
        label: texts.attention.head,
        kind: 'number',
        width: '4.5em',
        value: ({ layer, head }) => layer * 1000 + head,
        format: ({ layer, head }) => `${layer + 1}.${head + 1}`,
      },
      {
        key: 'words',
        label: texts.parts.topWords,
        kind: 'text',
        width: 'minmax(22em, 1fr)',
        value: ({ words }) =>
          words
            .slice(0, 3)
            .map(({ text }) => text)
            .join(' · '),
      },
      {
        key: 'explained',
        label: texts.parts.explained,
        kind: 'number',
        width: '6.5em',
        value: ({ words }) => words.at(-1)?.explained ?? 0,
        format: ({ words }) => share(words.at(-1)?.explained ?? 0),
      },
      ...report.properties.map(
        ({ name }, index): DataTableColumn<HeadReport> => ({
          key: name,
          label: propertyName(name, texts),
          kind: 'number',
          width: '6em',
          value: ({ shares }) => shares[index] ?? 0,
          format: ({ shares }) => share(shares[index] ?? 0),
        }),
      ),
    ],
    [report, texts],
  );
  return (
    <section className={shell.group} aria-label={texts.parts.headsTable}>
      <h2 className={shell.heading}>{texts.parts.headsTable}</h2>
      <Field label={texts.parts.filterHeads}>
        {(ids) => (
          <input {...ids} value={filter} maxLength={40} onChange={({ target }) => setFilter(target.value)} />
        )}
      </Field>
      <DataTable
        rows={report.heads}
        columns={columns}
        rowKey={({ layer, head }) => `${layer}.${head}`}
        label={texts.parts.headsTable}
        empty={texts.parts.noHeads}
        filter={filter}
        sort={sort}
        onSort={setSort}
        selected={chosen}
        onActivate={({ layer, head }) => vitrine.change('concepts', { head: `${layer}.${head}` }, 'push')}
        language={language}
        height={360}
        minWidth="84rem"
      />
    </section>
  );
}

function Save({ finished }: { readonly finished: Finished<'heads'> }) {
  const texts = useTexts();
  const { params, result } = finished;
  return (
    <SaveButtons
      kinds={['png', 'svg', 'csv', 'json']}
      save={async (kind) => {
        const { saveTable } = await import('../saving/save-table.ts');
        const { listingSvg } = await import('../../exports/listing-svg.ts');
        await saveTable(kind, {
          kind: 'heads',
          model: params.model,
          recipe: result.recipe,
          device: result.device,
          parameters: { scenes: params.scenes, seed: params.seed, words: params.words, pool: result.pool },
          name: ['heads', params.model],
          head: [
            'layer',
            'head',
            'words',
            'explained',
            'random_explained',
            'variance',
            ...result.properties.map(({ name }) => `share_${name}`),
          ],
          rows: result.heads.map(({ layer, head, words, randomExplained, variance, shares }) => [
            layer,
            head,
            words.map(({ text }) => text).join('; '),
            words.at(-1)?.explained ?? null,
            randomExplained,
            variance,
            ...shares,
          ]),
          svg: (settings) =>
            listingSvg(
              {
                title: texts.parts.headsTable,
                columns: [
                  { label: texts.attention.head, width: 50, align: 'end' },
                  { label: texts.parts.topWords, width: 430, align: 'start' },
                  { label: texts.parts.explained, width: 90, align: 'end' },
                  ...result.properties.map(({ name }) => ({
                    label: propertyName(name, texts),
                    width: 90,
                    align: 'end' as const,
                  })),
                ],
                rows: result.heads.map(({ layer, head, words, shares }) => ({
                  cells: [
                    `${layer + 1}.${head + 1}`,
                    words
                      .slice(0, 3)
                      .map(({ text }) => text)
                      .join(' · '),
                    share(words.at(-1)?.explained ?? 0),
                    ...shares.map(share),
                  ],
                })),
              },
              settings,
            ),
        });
      }}
    />
  );
}
