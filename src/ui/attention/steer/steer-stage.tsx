import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HeatScale } from '../../../charts/heat.ts';
import { drawingHeats } from '../../../state/drawing-heat.ts';
import { chipsOf } from '../../../state/words.ts';
import { Cautions } from '../../cautions.tsx';
import { useAddress, useTexts, useVitrine } from '../../context.ts';
import { Check } from '../../controls/check.tsx';
import { PaintField } from '../../controls/paint-field.tsx';
import { ProgressLine } from '../../controls/progress-line.tsx';
import { FailureMessage } from '../../failure.tsx';
import { seconds, share } from '../../figures.ts';
import shell from '../../shell/shell.module.css';
import { DifferenceLegend } from '../difference-legend.tsx';
import styles from '../pair.module.css';
import { PairFigures } from '../pair-figures.tsx';
import { PairStage } from '../pair-stage.tsx';
import { brush } from './brush.ts';
import { EditHistory } from './edit-history.tsx';
import { useEdit } from './use-edit.ts';

/** Middle of the steering: both pictures, the words of the second prompt, earlier edits. */
export function SteerStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { edit, plain, run, source, pinned, target, steering, reading, sourceReading } = useEdit();
  const selected = useAddress((address) => address.attention.words.at(-1));
  const opacity = useAddress((address) => address.attention.opacity) / 100;
  const palette = useAddress((address) => address.attention.colours);
  const painting = useStore(brush);
  const [heat, setHeat] = useState(false);
  const [difference, setDifference] = useState(false);
  const chips = useMemo(
    () => (reading ? chipsOf(reading).filter((chip) => chip.special === undefined) : []),
    [reading],
  );
  const chip = chips.find(({ key }) => key === selected);
  const heats = useMemo(
    () => (source && target && chip && heat ? drawingHeats(source, target, chip) : undefined),
    [source, target, chip, heat],
  );
  const max = heats?.max ?? 0;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  const running = run.status === 'running';
  const previews =
    run.status === 'running' && run.progress && 'previews' in run.progress
      ? run.progress.previews
      : undefined;
  const growing =
    run.status === 'running' && run.progress && 'preview' in run.progress ? run.progress.preview : undefined;
  const weights = new Map(edit.weights.map(({ word, weight }) => [word, weight]));
  return (
    <>
      <PairStage
        sides={[
          {
            title: pinned ? texts.steer.pinned : texts.steer.source,
            image: pinned ? source?.image : (previews?.source ?? growing ?? source?.image),
            heat: running ? undefined : heats?.first,
          },
          {
            title: texts.steer.target,
            image: previews?.target ?? growing ?? target?.image,
            heat: running ? undefined : heats?.second,
            over: painting.use !== 'none' && (
              <PaintField
                cells={painting.cells}
                onPaint={(cells) => brush.setState({ use: painting.use, cells })}
              />
            ),
          },
        ]}
        scale={scale}
        opacity={opacity}
        word={chip?.text ?? ''}
      />
      {running ? (
        <ProgressLine
          progress={run.progress}
          describe={({ done, total }) => texts.run.step({ done, total })}
          onCancel={plain ? vitrine.runs.generate.cancel : vitrine.runs.steer.cancel}
        />
      ) : (
        <p className={styles.hint}>
          {plain || !steering ? texts.steer.pairHint : texts.steer.changed({ value: share(steering.change) })}
        </p>
      )}
      {run.status === 'failed' && run.failure.code !== 'cancelled' && (
        <FailureMessage failure={run.failure} />
      )}
      <ul className={styles.chips} aria-label={texts.attention.words}>
        {chips.map((entry, index) => (
          <li key={entry.key}>
            <button
              type="button"
              className={styles.word}
              aria-pressed={entry.key === selected}
              data-changed={
                sourceReading?.words[index]?.text !== entry.text ||
                weights.has(index) ||
                edit.recolour?.word === index ||
                edit.paint?.words.includes(index) === true
              }
              onClick={() => vitrine.change('attention', { words: [entry.key] }, 'replace')}
            >
              {entry.text}
              {weights.has(index) && <small>× {weights.get(index)}</small>}
              {edit.recolour?.word === index && <small>→ {edit.recolour.to}</small>}
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.bar}>
        <Check label={texts.steer.heat} checked={heat} onChange={setHeat} />
        <Check label={texts.steer.difference} checked={difference} onChange={setDifference} />
      </div>
      {heats && !running && (
        <PairFigures
          heats={heats}
          scale={scale}
          titles={[pinned ? texts.steer.pinned : texts.steer.source, texts.steer.target]}
          word={chip?.text ?? ''}
        />
      )}
      {difference && source && target && !running && (
        <DifferenceLegend first={source} second={target} {...(heats && { maps: heats })} />
      )}
      {steering && !plain && <Cautions cautions={steering.cautions} />}
      {steering && run.status === 'done' && (
        <p className={shell.small}>
          {texts.run.took({ seconds: seconds(steering.elapsedMs), device: texts.status[steering.device] })}
        </p>
      )}
      <EditHistory />
    </>
  );
}
