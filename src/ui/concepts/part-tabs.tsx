import { CONCEPT_PARTS } from '../../state/address.ts';
import { generativeModel } from '../../state/concept-runs.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Segments } from '../controls/segments.tsx';
import styles from './parts.module.css';

/** One question at a time: what it sees, its heads, retrieval, the data check. */
export function PartTabs() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const part = useAddress((address) => address.concepts.part);
  return (
    <div className={styles.tabs}>
      <Segments
        label={texts.parts.label}
        value={part}
        options={CONCEPT_PARTS.filter((value) => value !== 'answer' || generativeModel('') !== undefined).map(
          (value) => ({ value, label: texts.parts[value] }),
        )}
        onChange={(value) => {
          vitrine.change('concepts', { part: value }, 'push');
          vitrine.run();
        }}
      />
    </div>
  );
}
