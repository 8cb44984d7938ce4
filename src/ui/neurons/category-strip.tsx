import { categoryColour } from '../../charts/category.ts';
import type { DissectionRow } from '../../protocol/dissection.ts';
import type { NeuronsAddress } from '../../state/address.ts';
import { shownOf } from '../../state/run.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { categoryCounts } from './category-counts.ts';
import { categoryName } from './category-name.ts';
import styles from './neurons.module.css';

/** What the layer's detectors are about: one bar, a part for each category, and the parts' names as filters of the table. */
export function CategoryStrip({ rows }: { readonly rows: readonly DissectionRow[] }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const chosen = useAddress((address) => address.neurons.category);
  const finished = shownOf(useRun('dissect'));
  const counts = categoryCounts(rows);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className={styles.strip} aria-label={texts.neurons.byCategory}>
      <div className={styles.stripBar} aria-hidden="true">
        {counts
          .filter(({ count }) => count > 0)
          .map(({ category, count }) => (
            <span
              key={category}
              data-out={chosen !== 'all' && chosen !== category}
              style={{ flexGrow: count, background: categoryColour(category) }}
            />
          ))}
      </div>
      <ul className={styles.stripNames}>
        {counts.map(({ category, count }) => {
          const name = categoryName(category, texts);
          return (
            <li key={category}>
              <button
                type="button"
                className={styles.stripName}
                aria-pressed={chosen === category}
                aria-label={texts.neurons.onlyCategory({ category: name, count })}
                disabled={count === 0}
                onClick={() =>
                  vitrine.change(
                    'neurons',
                    { category: chosen === category ? 'all' : (category as NeuronsAddress['category']) },
                    'replace',
                  )
                }
              >
                <span className={styles.dot} style={{ background: categoryColour(category) }} />
                {name} <b>{count}</b>
              </button>
            </li>
          );
        })}
      </ul>
      {finished && total > 0 && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveCategories } = await import('../saving/save-categories.ts');
            await saveCategories(kind, finished, texts);
          }}
        />
      )}
      {total === 0 && <p className={shell.small}>{texts.neurons.noDetectors}</p>}
    </section>
  );
}
