import { useEffect, useMemo, useState } from 'react';
import type { Pixels } from '../../../protocol/image.ts';
import type { Generation } from '../../../protocol/jobs.ts';
import { filmColours, filmFrames } from '../../../state/film.ts';
import { useTexts } from '../../context.ts';
import { Button } from '../../controls/button.tsx';
import { Range } from '../../controls/range.tsx';
import { share } from '../../figures.ts';
import { PixelsCanvas } from '../../pixels-canvas.tsx';
import shell from '../../shell/shell.module.css';
import styles from './inside.module.css';

const FRAME_MS = 180;

/** The run to scrub through: latents as colour, what they would become, and the same amount of noise put back. */
export function Film({
  generation,
  previews,
}: {
  readonly generation: Generation;
  readonly previews: readonly (Pixels | undefined)[];
}) {
  const { inside } = useTexts();
  const { film } = generation;
  const frames = film.signal.length;
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const colours = useMemo(() => filmColours(film), [film]);
  const shown = Math.min(at, frames - 1);
  const { latents, forward } = useMemo(() => filmFrames(film, colours, shown), [film, colours, shown]);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => {
      setAt((now) => {
        if (now + 1 >= frames) setPlaying(false);
        return Math.min(frames - 1, now + 1);
      });
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [playing, frames]);
  const guess = shown < frames - 1 ? previews[shown] : generation.image;
  const caption = inside.filmStep({
    step: shown + 1,
    total: frames - 1,
    signal: share(film.signal[shown] ?? 0),
  });
  return (
    <div className={shell.group}>
      <div className={styles.film}>
        {[
          { title: inside.filmIn, pixels: latents },
          { title: inside.filmGuess, pixels: guess },
          { title: inside.filmForward, pixels: forward },
        ].map(({ title, pixels }) => (
          <figure key={title} className={styles.frame}>
            {pixels ? (
              <PixelsCanvas
                key={`${pixels.width}`}
                pixels={pixels}
                className={styles.pixels}
                label={`${title}, ${caption}`}
              />
            ) : (
              <span className={styles.pixels} />
            )}
            <figcaption>{title}</figcaption>
          </figure>
        ))}
      </div>
      <div className={styles.seek}>
        <Button
          look="quiet"
          onClick={() => {
            if (!playing && shown === frames - 1) setAt(0);
            setPlaying(!playing);
          }}
        >
          {playing ? inside.pause : inside.play}
        </Button>
        <Range
          label={inside.filmSeek}
          value={shown}
          min={0}
          max={frames - 1}
          format={() => caption}
          onChange={(value) => {
            setPlaying(false);
            setAt(value);
          }}
        />
      </div>
      <p className={shell.small}>{inside.filmHint}</p>
    </div>
  );
}
