import type { Progress } from '../../protocol/jobs.ts';
import { useTexts } from '../context.ts';
import { seconds } from '../figures.ts';
import { Button } from './button.tsx';
import styles from './controls.module.css';

export interface ProgressLineProps {
  readonly progress: Progress | undefined;
  /** What is counted, as "step 3 of 20". */
  readonly describe: (progress: Progress) => string;
  readonly onCancel: () => void;
}

/** How far a job is, how long it still takes, and the way to stop it. */
export function ProgressLine({ progress, describe, onCancel }: ProgressLineProps) {
  const texts = useTexts();
  const portion = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const doing =
    progress === undefined
      ? texts.run.waiting
      : progress.phase === 'load'
        ? texts.run.loading
        : describe(progress);
  const left =
    progress?.phase === 'run' && progress.leftMs !== undefined && progress.leftMs >= 500
      ? texts.run.left({ seconds: seconds(progress.leftMs) })
      : '';
  return (
    <div className={styles.progress}>
      <div
        className={styles.progressTrack}
        role="progressbar"
        aria-label={doing}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * portion)}
      >
        <div className={styles.progressBar} style={{ width: `${100 * portion}%` }} />
      </div>
      <div className={styles.progressText}>
        <span>{doing}</span>
        <span>{left}</span>
      </div>
      <Button onClick={onCancel}>{texts.run.cancel}</Button>
    </div>
  );
}
