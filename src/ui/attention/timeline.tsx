import { useDeferredValue, useId, useMemo } from 'react';
import { stepsOf } from '../../state/heat.ts';
import { useTexts, useVitrine } from '../context.ts';
import { probability } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import shell from '../shell/shell.module.css';
import styles from './attention.module.css';
import type { Shown } from './use-attention.ts';

/** The denoising steps: what the picture looked like, and how strongly the lit word was looked for. Radio buttons in disguise. */
export function Timeline({ shown }: { readonly shown: Shown }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const name = useId();
  const { run, finished, lit, choice } = shown;
  const running = run.status === 'running';
  const trail = running || !finished ? (run.status === 'idle' ? [] : run.trail) : finished.trail;
  const count = running ? run.params.steps : (finished?.params.steps ?? 0);
  const frames = useMemo(() => {
    const list: ((typeof trail)[number]['preview'] | undefined)[] = Array.from({ length: count });
    for (const { done, preview } of trail) if (preview && done > 0) list[done - 1] = preview;
    return list;
  }, [trail, count]);
  // The heatmap is what was asked for; the bars may follow a moment later.
  const word = useDeferredValue(running ? undefined : lit.at(-1), undefined);
  const result = finished?.result;
  const { layer, head } = choice;
  const profile = useMemo(
    () => (word && result ? stepsOf(result, word, { layer, head, step: 'mean' }) : undefined),
    [word, result, layer, head],
  );
  const highest = Math.max(1e-9, ...(profile?.map(({ peak }) => peak) ?? []));
  if (count === 0) return null;
  const select = (step: number | 'mean'): void => vitrine.change('attention', { step }, 'push');
  return (
    <section className={styles.timeline} aria-label={texts.attention.timeline}>
      <h2 className={shell.small}>{texts.attention.timeline}</h2>
      <fieldset className={styles.strip} disabled={running}>
        <label className={`${styles.cell} ${styles.mean}`} title={texts.attention.allSteps}>
          <input
            type="radio"
            name={name}
            checked={choice.step === 'mean'}
            aria-label={texts.attention.allSteps}
            onChange={() => select('mean')}
          />
          <span className={styles.thumb} aria-hidden="true">
            {texts.attention.meanColumn}
          </span>
          <span />
          <span className={styles.number} aria-hidden="true" />
        </label>
        {frames.map((frame, step) => {
          const peak = profile?.[step]?.peak;
          const label =
            word && peak !== undefined
              ? `${texts.attention.stepNumber({ number: step + 1 })}: ${word.text} ${texts.attention.peak({ value: probability(peak) })}`
              : texts.attention.stepNumber({ number: step + 1 });
          return (
            <label key={step} className={styles.cell} title={label}>
              <input
                type="radio"
                name={name}
                checked={choice.step === step}
                aria-label={label}
                onChange={() => select(step)}
              />
              {frame ? (
                <PixelsCanvas pixels={frame} className={styles.thumb} />
              ) : (
                <span className={styles.thumb} />
              )}
              <span
                className={styles.bar}
                style={{ height: peak === undefined ? 0 : `${(100 * peak) / highest}%` }}
                aria-hidden="true"
              />
              <span className={styles.number} aria-hidden="true">
                {step + 1}
              </span>
            </label>
          );
        })}
      </fieldset>
    </section>
  );
}
