import { memo, useCallback, useDeferredValue, useId, useMemo } from 'react';
import type { Pixels } from '../../protocol/image.ts';
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
  const select = useCallback(
    (step: number | 'mean') => vitrine.change('attention', { step }, 'push'),
    [vitrine],
  );
  const { run, finished, lit, choice } = shown;
  const running = run.status === 'running';
  const trail = running || !finished ? (run.status === 'idle' ? [] : run.trail) : finished.trail;
  // A picture of one's own is read in those steps only that it was noised for.
  const ran = finished?.result.attention[0]?.pattern.dims[0] ?? 0;
  const count = running ? run.params.steps : ran;
  const frames = useMemo(() => {
    const previews = trail.flatMap(({ preview }) => (preview ? [preview] : []));
    return Array.from({ length: count }, (_, step): Pixels | undefined => previews[step]);
  }, [trail, count]);
  const lastLit = running ? undefined : lit.at(-1);
  const result = finished?.result;
  const { layer, head } = choice;
  const wanted = useMemo(
    () => lastLit && result && { word: lastLit, result, layer, head },
    [lastLit, result, layer, head],
  );
  // The heatmap is what was asked for; the bars may follow a moment later, in a task of their own.
  const asked = useDeferredValue(wanted, undefined);
  const word = asked?.word;
  const profile = useMemo(
    () => asked && stepsOf(asked.result, asked.word, { layer: asked.layer, head: asked.head, step: 'mean' }),
    [asked],
  );
  const highest = Math.max(1e-9, ...(profile?.map(({ peak }) => peak) ?? []));
  if (count === 0) return null;
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
          return (
            <Cell
              key={`step ${step + 1}`}
              name={name}
              step={step}
              frame={frame}
              height={peak === undefined ? 0 : Math.round((100 * peak) / highest)}
              label={
                word && peak !== undefined
                  ? `${texts.attention.stepNumber({ number: step + 1 })}: ${word.text} ${texts.attention.peak({ value: probability(peak) })}`
                  : texts.attention.stepNumber({ number: step + 1 })
              }
              checked={choice.step === step}
              onSelect={select}
            />
          );
        })}
      </fieldset>
    </section>
  );
}

/** One step. Memoised: a click on a word redraws its bars a moment later, and its pictures never. */
const Cell = memo(function Cell(props: {
  readonly name: string;
  readonly step: number;
  readonly frame: Pixels | undefined;
  /** Percent of the highest. */
  readonly height: number;
  readonly label: string;
  readonly checked: boolean;
  readonly onSelect: (step: number) => void;
}) {
  const { name, step, frame, height, label, checked, onSelect } = props;
  return (
    <label className={styles.cell} title={label}>
      <input type="radio" name={name} checked={checked} aria-label={label} onChange={() => onSelect(step)} />
      {frame ? <PixelsCanvas pixels={frame} className={styles.thumb} /> : <span className={styles.thumb} />}
      <span className={styles.bar} style={{ height: `${height}%` }} aria-hidden="true" />
      <span className={styles.number} aria-hidden="true">
        {step + 1}
      </span>
    </label>
  );
});
