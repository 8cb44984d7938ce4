import { CONCEPT_PARTS, type ConceptPart, type ConceptsAddress, FIRST_ADDRESS } from '../../state/address.ts';
import { generativeModel } from '../../state/concept-runs.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Segments } from '../controls/segments.tsx';
import styles from './parts.module.css';

/** One question at a time: what it sees, its heads, retrieval, the data check. */
export function PartTabs() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { part, image } = useAddress((address) => address.concepts);
  return (
    <div className={styles.tabs}>
      <Segments
        label={texts.parts.label}
        value={part}
        options={CONCEPT_PARTS.filter((value) => value !== 'answer' || generativeModel('') !== undefined).map(
          (value) => ({ value, label: texts.parts[value] }),
        )}
        onChange={(value) => {
          vitrine.change('concepts', { part: value, ...pictureFor(value, image) }, 'push');
          vitrine.run();
        }}
      />
    </div>
  );
}

/** Who has not chosen a picture yet sees one that the first question is about. */
function pictureFor(part: ConceptPart, image: ConceptsAddress['image']): Partial<ConceptsAddress> {
  const { concepts, ask } = FIRST_ADDRESS;
  const untouched =
    image.kind === 'scene' && concepts.image.kind === 'scene' && image.seed === concepts.image.seed;
  return part === 'answer' && untouched ? { image: ask.image } : {};
}
