import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HeatScale } from '../../charts/heat.ts';
import { drawingHeats } from '../../state/drawing-heat.ts';
import { shownOf } from '../../state/run.ts';
import { chipsOf } from '../../state/words.ts';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Check } from '../controls/check.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { FailureMessage } from '../failure.tsx';
import { CompareSave } from '../saving/compare-save.tsx';
import { DifferenceLegend } from './difference-legend.tsx';
import styles from './pair.module.css';
import { PairFigures } from './pair-figures.tsx';
import { PairStage } from './pair-stage.tsx';

/** Middle of the comparison: both pictures with one word's heat and one cursor, and their difference. */
export function CompareStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const first = useRun('generate');
  const second = useStore(vitrine.runs.other.store);
  const selected = useAddress((address) => address.attention.words.at(-1));
  const opacity = useAddress((address) => address.attention.opacity) / 100;
  const palette = useAddress((address) => address.attention.colours);
  const [difference, setDifference] = useState(false);
  const [one, other] = [shownOf(first), shownOf(second)];
  const [left, right] = [one?.result, other?.result];
  const chips = useMemo(() => {
    const all = [left, right].flatMap((result) => (result ? chipsOf(result.reading) : []));
    const words = all.filter(({ special }) => special === undefined);
    return [...new Map(words.map((chip) => [chip.key, chip])).values()];
  }, [left, right]);
  const heats = useMemo(() => {
    if (!left || !right) return undefined;
    const chip = chipsOf(right.reading).find(({ key }) => key === selected);
    if (chip) return drawingHeats(left, right, chip);
    const only = chipsOf(left.reading).find(({ key }) => key === selected);
    if (!only) return undefined;
    const { first: other, second: own, ...scaled } = drawingHeats(right, left, only);
    return { first: own, second: other, ...scaled };
  }, [left, right, selected]);
  const max = heats?.max ?? 0;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  const word = chips.find(({ key }) => key === selected)?.text ?? '';
  const running = [first, second].find(({ status }) => status === 'running');
  return (
    <>
      <PairStage
        sides={[
          { title: texts.steer.left, image: left?.image, heat: heats?.first },
          { title: texts.steer.right, image: right?.image, heat: heats?.second },
        ]}
        scale={scale}
        opacity={opacity}
        word={word}
      />
      {running?.status === 'running' && (
        <ProgressLine
          progress={running.progress}
          describe={({ done, total }) => texts.run.step({ done, total })}
          onCancel={() => {
            vitrine.runs.generate.cancel();
            vitrine.runs.other.cancel();
          }}
        />
      )}
      {second.status === 'failed' && second.failure.code !== 'cancelled' && (
        <FailureMessage failure={second.failure} />
      )}
      <ul className={styles.chips} aria-label={texts.attention.words}>
        {chips.map((chip) => (
          <li key={chip.key}>
            <button
              type="button"
              className={styles.word}
              aria-pressed={chip.key === selected}
              onClick={() =>
                vitrine.change('attention', { words: chip.key === selected ? [] : [chip.key] }, 'push')
              }
            >
              {chip.text}
            </button>
          </li>
        ))}
      </ul>
      {heats && (
        <PairFigures heats={heats} scale={scale} titles={[texts.steer.left, texts.steer.right]} word={word} />
      )}
      <div className={styles.bar}>
        <Check label={texts.steer.difference} checked={difference} onChange={setDifference} />
      </div>
      {difference && left && right && (
        <DifferenceLegend
          first={left}
          second={right}
          {...(heats?.first && heats.second && { maps: heats })}
        />
      )}
      {one && other && !running && <CompareSave first={one} second={other} heats={heats} scale={scale} />}
    </>
  );
}
