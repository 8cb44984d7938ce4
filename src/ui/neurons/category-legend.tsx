import { categoryColour } from '../../charts/category.ts';
import { useTexts } from '../context.ts';
import { categories, categoryName } from './category-name.ts';
import styles from './neurons.module.css';

/** The six colours, and the grey of what was not learnt. */
export function CategoryLegend({ baseline }: { readonly baseline?: string }) {
  const texts = useTexts();
  return (
    <ul className={styles.legend}>
      {categories.map((category) => (
        <li key={category}>
          <span className={styles.dot} style={{ background: categoryColour(category) }} />
          {categoryName(category, texts)}
        </li>
      ))}
      {baseline !== undefined && (
        <li>
          <span className={styles.dot} style={{ background: 'var(--null-band)' }} />
          {baseline}
        </li>
      )}
    </ul>
  );
}
