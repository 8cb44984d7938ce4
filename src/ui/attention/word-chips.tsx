import { useState } from 'react';
import { LIMITS } from '../../state/address.ts';
import type { Chip } from '../../state/words.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { probability } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './attention.module.css';
import type { Shown } from './use-attention.ts';

/** The prompt as buttons: each word lights its heatmap, and shows how strongly it was looked for at all. */
export function WordChips({ shown }: { readonly shown: Shown }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  // The first visit opens with a word already lit: say first that words can be clicked at all.
  const [clicked, setClicked] = useState(false);
  const { heats, lit } = shown;
  if (!heats) return null;
  const names = { start: texts.attention.start, end: texts.attention.end, padding: texts.attention.padding };

  const toggle = (chip: Chip): void => {
    performance.mark('word-click');
    setClicked(true);
    const valid = lit.map(({ key }) => key);
    const words = valid.includes(chip.key)
      ? valid.filter((key) => key !== chip.key)
      : [...valid, chip.key].slice(-LIMITS.words);
    vitrine.change('attention', { words }, 'push');
  };

  return (
    <section className={shell.group} aria-label={texts.attention.words}>
      <p className={styles.hint}>
        {clicked && lit.length > 0 ? texts.attention.compareHint : texts.attention.firstHint}
      </p>
      <ul className={styles.chips}>
        {heats.words.map(({ chip, peak }) => (
          <li key={chip.key}>
            <button
              type="button"
              className={styles.chip}
              aria-pressed={lit.includes(chip)}
              data-special={chip.special !== undefined}
              data-known={chip.known}
              title={chip.known ? undefined : texts.attention.unknownChip}
              onClick={() => toggle(chip)}
            >
              <span className={styles.word}>{chip.special ? names[chip.special] : chip.text}</span>
              <span className={styles.strength} aria-hidden="true">
                <span style={{ width: `${100 * Math.min(1, peak / (heats.max || 1))}%` }} />
              </span>
              <span className={styles.figure}>{probability(peak)}</span>
            </button>
          </li>
        ))}
        {lit.length > 1 && (
          <li>
            <Button look="quiet" onClick={() => vitrine.change('attention', { words: [] }, 'push')}>
              {texts.attention.clear}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
