import { useStore } from 'zustand';
import type { Picture } from '../../state/picture.ts';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { FailureMessage } from '../failure.tsx';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { openPictureOrSession } from '../saving/reopen.ts';
import shell from '../shell/shell.module.css';
import styles from './concepts.module.css';

/** Where the picture comes from: the gallery of drawn scenes, or the visitor's own file. */
export function PictureChooser(props: {
  readonly image: Picture;
  readonly onChoose: (image: Picture) => void;
}) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { image, onChoose } = props;
  const opening = useStore(vitrine.opening);
  const gallery = useRun('gallery');
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.concepts.picture}</h2>
      {gallery.status === 'failed' && <FailureMessage failure={gallery.failure} />}
      {gallery.status === 'done' && (
        <ul className={styles.gallery} aria-label={texts.concepts.gallery}>
          {gallery.result.map(({ seed, caption, pixels }) => (
            <li key={seed}>
              <button
                type="button"
                className={styles.scene}
                aria-pressed={image.kind === 'scene' && image.seed === seed}
                aria-label={caption}
                title={caption}
                onClick={() => onChoose({ kind: 'scene', seed })}
              >
                <PixelsCanvas pixels={pixels} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className={styles.opener}>
        <input
          type="file"
          className={styles.file}
          accept="image/*"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) void openPictureOrSession(vitrine, file);
            // The same file may be chosen again after a failure.
            target.value = '';
          }}
        />
        <span className={styles.open}>{texts.concepts.upload}</span>
      </label>
      {opening.status === 'failed' && <FailureMessage failure={opening.failure} subject={opening.name} />}
      <p className={shell.small}>{texts.concepts.uploadHint}</p>
    </div>
  );
}
