import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { type Edit, PLAIN_EDIT } from '../../../protocol/steer.ts';
import { isPlain } from '../../../state/edit-link.ts';
import { useAddress, useTexts, useVitrine } from '../../context.ts';
import { Button } from '../../controls/button.tsx';
import { PixelsCanvas } from '../../pixels-canvas.tsx';
import styles from '../pair.module.css';
import { putBrushDown } from './brush.ts';
import { editSummary } from './edit-summary.ts';

/** Undo, redo, what stands on the left, and the edits so far as a strip of pictures. */
export function EditHistory() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { entries, at } = useStore(vitrine.edits.store);
  const edit = useAddress((address) => address.attention.edit);
  const prompt = useAddress((address) => address.attention.prompt);
  const against = useAddress((address) => address.attention.against);
  const go = (next: Edit): void => {
    putBrushDown();
    vitrine.change('attention', { edit: next }, 'push');
    vitrine.run();
  };
  const keep = (next: Edit): void => {
    vitrine.change('attention', { against: next }, 'push');
    vitrine.run();
  };
  const step = (to: number): void => {
    const entry = entries[to];
    if (entry) go(entry.edit);
  };
  useUndoKeys((by) => step(at + by));
  if (entries.length < 2) return null;
  return (
    <section aria-label={texts.steer.history}>
      <div className={styles.bar}>
        <Button look="quiet" disabled={at <= 0} onClick={() => step(at - 1)}>
          {texts.steer.undo}
        </Button>
        <Button look="quiet" disabled={at >= entries.length - 1} onClick={() => step(at + 1)}>
          {texts.steer.redo}
        </Button>
        <Button look="quiet" onClick={() => go(PLAIN_EDIT)}>
          {texts.steer.reset}
        </Button>
        {isPlain(against) ? (
          <Button look="quiet" disabled={isPlain(edit)} onClick={() => keep(edit)}>
            {texts.steer.pin}
          </Button>
        ) : (
          <Button look="quiet" onClick={() => keep(PLAIN_EDIT)}>
            {texts.steer.unpin}
          </Button>
        )}
      </div>
      <ol className={styles.strip}>
        {entries.map(({ key, edit, image }, index) => (
          <li key={key}>
            <button
              type="button"
              className={styles.entry}
              title={editSummary(edit, prompt, texts)}
              aria-current={index === at}
              aria-label={texts.steer.historyItem({
                number: index + 1,
                text: editSummary(edit, prompt, texts),
              })}
              onClick={() => go(edit)}
            >
              {image ? (
                <PixelsCanvas pixels={image} className={styles.thumb} />
              ) : (
                <span className={styles.thumb}>{index + 1}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const TYPING = 'textarea, input:not([type="range"], [type="checkbox"], [type="radio"])';

/** Ctrl or Cmd with Z goes back, with Shift or with Y forth; a text being typed keeps its own undoing. */
function useUndoKeys(step: (by: -1 | 1) => void): void {
  const latest = useRef(step);
  useEffect(() => {
    latest.current = step;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || (key !== 'z' && key !== 'y')) return;
      if (event.target instanceof Element && event.target.matches(TYPING)) return;
      event.preventDefault();
      latest.current(key === 'y' || event.shiftKey ? 1 : -1);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
