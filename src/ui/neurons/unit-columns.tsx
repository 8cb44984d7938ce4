import { categoryColour } from '../../charts/category.ts';
import type { DataTableColumn } from '../../charts/data-table.tsx';
import type { DissectionRow } from '../../protocol/dissection.ts';
import type { Texts } from '../../text/texts.ts';
import { activation, overlap, share } from '../figures.ts';
import { categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { DETECTOR_IOU } from './use-rows.ts';

/** The table's columns. A dead unit has no figures, and sorts last by any of them. */
export function unitColumns(texts: Texts): readonly DataTableColumn<DissectionRow>[] {
  const { neurons } = texts;
  const figure = (
    key: 'iou' | 'ceiling' | 'auc' | 'coverage',
    format: (value: number) => string,
    width: string,
  ): DataTableColumn<DissectionRow> => ({
    key,
    label: neurons[key],
    kind: 'number',
    value: (row) => (row.dead ? Number.NaN : row[key]),
    format: (row) => (row.dead || Number.isNaN(row[key]) ? '' : format(row[key])),
    width,
  });
  return [
    { key: 'unit', label: neurons.unit, kind: 'number', value: ({ unit }) => unit, width: '4.5rem' },
    {
      key: 'concept',
      label: neurons.concept,
      kind: 'text',
      value: ({ concept, dead }) => (dead ? '' : concept),
      render: ({ concept, dead, iou }) =>
        dead ? (
          <span className={styles.faint}>{neurons.dead}</span>
        ) : (
          <span className={iou >= DETECTOR_IOU ? undefined : styles.faint}>{concept}</span>
        ),
      width: 'minmax(6rem, 1.2fr)',
    },
    {
      key: 'category',
      label: neurons.category,
      kind: 'text',
      value: ({ category, dead }) => (dead ? '' : categoryName(category, texts)),
      render: ({ category, dead }) =>
        dead || category === '' ? null : (
          <span className={styles.category}>
            <span className={styles.dot} style={{ background: categoryColour(category) }} />
            {categoryName(category, texts)}
          </span>
        ),
      width: 'minmax(6rem, 1fr)',
    },
    figure('iou', overlap, '4.5rem'),
    figure('ceiling', overlap, '5.25rem'),
    figure('auc', overlap, '4.75rem'),
    {
      key: 'next',
      label: neurons.next,
      kind: 'text',
      value: ({ next, dead }) => (dead ? '' : next.map(({ concept }) => concept).join(' ')),
      format: ({ next, dead }) =>
        dead ? '' : next.map(({ concept, iou }) => `${concept} ${overlap(iou)}`).join(', '),
      width: 'minmax(9rem, 2fr)',
    },
    figure('coverage', share, '5.25rem'),
    {
      key: 'threshold',
      label: neurons.threshold,
      kind: 'number',
      value: ({ threshold }) => threshold,
      format: ({ threshold }) => activation(threshold),
      width: '5.75rem',
    },
  ];
}
