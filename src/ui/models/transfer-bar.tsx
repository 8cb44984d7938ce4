import { useStore } from 'zustand';
import type { FetchProgress, ModelPlan } from '../../protocol/library.ts';
import { bytesHere } from '../../state/library.ts';
import type { Texts } from '../../text/texts.ts';
import { useTexts, useVitrine } from '../context.ts';
import { megabytes, seconds } from '../figures.ts';
import shell from '../shell/shell.module.css';
import styles from './models.module.css';

/** How far a transfer is, how fast, and how long it will take. */
export function TransferBar({
  plan,
  progress,
}: {
  readonly plan: ModelPlan;
  readonly progress: FetchProgress | undefined;
}) {
  const texts = useTexts();
  const { models } = texts;
  const done = progress?.done ?? 0;
  const total = progress?.total ?? plan.totalBytes;
  const share = total > 0 ? Math.round((100 * done) / total) : 0;
  const amount = models.amount({ done: megabytes(done), total: megabytes(total) });
  return (
    <div className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={amount}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
      >
        <div style={{ width: `${share}%` }} />
      </div>
      <p className={styles.figures}>
        <span>{amount}</span>
        {progress?.bytesPerSecond !== undefined && (
          <span>{models.speed({ value: megabytes(progress.bytesPerSecond) })}</span>
        )}
        {progress?.leftMs !== undefined && (
          <span>{models.left({ time: duration(progress.leftMs, texts) })}</span>
        )}
      </p>
      <p className={shell.small}>{progress?.path}</p>
      {progress?.restarted && <p className={shell.small}>{models.restarted}</p>}
    </div>
  );
}

/** What has come, without a speed: nothing moves. After a reload only the kept files tell. */
export function Standing({
  plan,
  progress,
}: {
  readonly plan: ModelPlan;
  readonly progress: FetchProgress | undefined;
}) {
  const kept = useStore(useVitrine().library.kept);
  if (!progress && !kept) return null;
  const done = progress?.done ?? bytesHere(plan, kept);
  return <TransferBar plan={plan} progress={{ done, total: plan.totalBytes, elapsedMs: 0, phase: 'run' }} />;
}

function duration(ms: number, { models }: Texts): string {
  return ms < 90_000
    ? models.seconds({ value: seconds(ms) })
    : models.minutes({ value: String(Math.round(ms / 60_000)) });
}
