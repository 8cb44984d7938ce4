import { useMemo } from 'react';
import type { DissectionRow } from '../../protocol/dissection.ts';
import { BEST_UNITS, type trialOf } from '../../state/neurons.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Select } from '../controls/select.tsx';
import shell from '../shell/shell.module.css';
import { categoryName } from './category-name.ts';
import styles from './neurons.module.css';
import { isDetector } from './use-rows.ts';

/** What is asked again when other units are chosen: nothing yet. */
const UNASKED = { trial: false, paint: false } as const;

/** A concept and its units, or those that the visitor chose: what the referee switches off and the brush switches on. */
export function UnitChoice(props: {
  readonly rows: readonly DissectionRow[];
  readonly trial: NonNullable<ReturnType<typeof trialOf>>;
  /** What stands over the units, and on the cross of each. */
  readonly title: string;
  readonly remove: string;
}) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const off = useAddress((now) => now.neurons.off);
  const { rows, trial, title, remove } = props;
  const { neurons } = texts;
  const concepts = useMemo(() => {
    const counts = new Map<string, { concept: string; category: string; count: number }>();
    for (const row of rows) {
      if (!isDetector(row)) continue;
      const key = `${row.category}.${row.concept}`;
      const entry = counts.get(key) ?? { concept: row.concept, category: row.category, count: 0 };
      entry.count += 1;
      counts.set(key, entry);
    }
    return [...counts].sort(([, a], [, b]) => b.count - a.count);
  }, [rows]);
  const key = `${trial.category}.${trial.concept}`;
  return (
    <div className={styles.chooser}>
      <Select
        label={neurons.refereeConcept}
        value={key}
        options={[
          ...(concepts.some(([name]) => name === key) ? [] : [{ value: key, label: trial.concept }]),
          ...concepts.map(([name, { concept, category, count }]) => ({
            value: name,
            label: `${concept} (${categoryName(category, texts)}) · ${count}`,
          })),
        ]}
        onChange={(concept) => vitrine.change('neurons', { concept, off: [], ...UNASKED }, 'push')}
      />
      <div className={shell.group}>
        <h2 className={shell.heading}>{title}</h2>
        <ul className={styles.units}>
          {trial.units.map((unit) => (
            <li key={unit}>
              <button
                type="button"
                aria-label={`${remove}: ${neurons.unitTitle({ unit })}`}
                title={remove}
                onClick={() => {
                  const rest = trial.units.filter((other) => other !== unit).map(String);
                  vitrine.change('neurons', { off: rest, ...UNASKED }, 'push');
                }}
              >
                {unit} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
        <p className={shell.small}>
          {neurons.refereeUnitsHint({ count: BEST_UNITS })}{' '}
          {off.length > 0 && (
            <Button look="quiet" onClick={() => vitrine.change('neurons', { off: [], ...UNASKED }, 'push')}>
              {neurons.refereeReset}
            </Button>
          )}
        </p>
      </div>
    </div>
  );
}
