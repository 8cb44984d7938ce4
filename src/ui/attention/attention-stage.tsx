import { type CSSProperties, useCallback, useMemo, useState } from 'react';
import type { HeatReading, HeatScale } from '../../charts/heat.ts';
import { HeatMultiples } from '../../charts/heat-multiples.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import { HEAT_SIDE } from '../../state/heat.ts';
import type { Finished, Run } from '../../state/run.ts';
import { Cautions } from '../cautions.tsx';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { LazyDisclosure } from '../controls/disclosure.tsx';
import { Message } from '../controls/message.tsx';
import { megabytes, probability, seconds } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import shell from '../shell/shell.module.css';
import styles from './attention.module.css';
import { Film } from './inside/film.tsx';
import { MapGrid } from './inside/map-grid.tsx';
import { PlacePanel } from './inside/place-panel.tsx';
import { Timeline } from './timeline.tsx';
import { type Shown, useAttention } from './use-attention.ts';
import { WordChips } from './word-chips.tsx';

/** Middle of the attention view: the picture with its heat, the words under it, time below. */
export function AttentionStage() {
  const texts = useTexts();
  const shown = useAttention();
  const { run, finished, missingWords, missingParts } = shown;
  const layer = useAddress(({ attention }) => attention.layer);
  const head = useAddress(({ attention }) => attention.head);
  const step = useAddress(({ attention }) => attention.step);
  const error = texts.error;
  return (
    <>
      {run.status === 'running' && (run.progress?.preview || !finished) ? (
        <Growing run={run} />
      ) : finished ? (
        <Exhibit shown={shown} finished={finished} />
      ) : (
        <Unfinished run={run} />
      )}
      {finished && run.status !== 'running' && (
        <>
          <WordChips shown={shown} />
          {missingWords.length > 0 && (
            <Message tone="error">{error.wordMissing({ words: missingWords.join(', ') })}</Message>
          )}
          {missingParts.includes('layer') && <Message tone="error">{error.layerMissing({ layer })}</Message>}
          {missingParts.includes('head') && (
            <Message tone="error">{error.headMissing({ head: Number(head) + 1 })}</Message>
          )}
          {missingParts.includes('step') && (
            <Message tone="error">{error.stepMissing({ step: Number(step) + 1 })}</Message>
          )}
          <Cautions cautions={finished.result.cautions} />
        </>
      )}
      <Timeline shown={shown} />
      {finished && run.status !== 'running' && <Closer shown={shown} finished={finished} />}
    </>
  );
}

/** What can be opened under the time line: the run as a film, and all maps at once. */
function Closer({ shown, finished }: { readonly shown: Shown; readonly finished: Finished<'generate'> }) {
  const { inside } = useTexts();
  const previews = useMemo(
    () => finished.trail.flatMap(({ preview }) => (preview ? [preview] : [])),
    [finished.trail],
  );
  const { memory, crossMemory, self } = finished.result;
  const total = finished.result.attention[0]?.pattern.dims[0] ?? 0;
  return (
    <div>
      <LazyDisclosure summary={inside.film}>
        <Film generation={finished.result} previews={previews} />
      </LazyDisclosure>
      <LazyDisclosure summary={inside.grid}>
        <MapGrid shown={shown} />
        <p className={shell.small}>
          {inside.crossMemory({
            used: megabytes(crossMemory.used),
            budget: megabytes(crossMemory.budget),
            kept: inside[`thinned_${crossMemory.thinning}`],
          })}{' '}
          {inside.memory({
            used: megabytes(memory.used),
            budget: megabytes(memory.budget),
            kept: self[0]?.steps.length ?? 0,
            total,
          })}
        </p>
      </LazyDisclosure>
    </div>
  );
}

/** While the picture is being drawn: the model's guess after each step. */
function Growing({ run }: { readonly run: Extract<Run<'generate'>, { status: 'running' }> }) {
  const texts = useTexts();
  const preview = run.progress?.preview;
  return (
    <div className={styles.picture}>
      <div className={styles.frame}>
        {preview ? (
          <PixelsCanvas
            pixels={preview}
            className={styles.preview}
            label={texts.attention.previewOf({ prompt: run.params.prompt })}
          />
        ) : (
          <div className={styles.empty}>
            {run.progress?.phase === 'load' ? texts.run.loading : texts.run.waiting}
          </div>
        )}
        <p className={styles.caption} />
      </div>
    </div>
  );
}

/** Stopped or failed before there was any result: the last preview stays. */
function Unfinished({ run }: { readonly run: Run<'generate'> }) {
  const texts = useTexts();
  const last = run.status === 'failed' ? run.trail.findLast(({ preview }) => preview)?.preview : undefined;
  return (
    <div className={styles.picture}>
      <div className={styles.frame}>
        {last ? (
          <PixelsCanvas pixels={last} className={styles.preview} label={texts.run.stopped} />
        ) : (
          <div className={styles.empty}>{texts.run.nothing}</div>
        )}
        {last && <p className={styles.caption}>{texts.run.stopped}</p>}
      </div>
    </div>
  );
}

function Exhibit({ shown, finished }: { readonly shown: Shown; readonly finished: Finished<'generate'> }) {
  const texts = useTexts();
  const opacity = useAddress((address) => address.attention.opacity) / 100;
  const palette = useAddress((address) => address.attention.colours);
  const { heats, lit } = shown;
  const [reading, setReading] = useState<string>();
  const place = useAddress((address) => address.attention.place);
  const vitrine = useVitrine();
  const pick = ({ row, column }: HeatReading): void => {
    const cell = row * HEAT_SIDE + column;
    vitrine.change('attention', { place: cell === place ? 'none' : cell }, 'push');
  };
  const max = heats?.max ?? 0;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  const items = useMemo(
    () =>
      lit.flatMap((chip) => {
        const heat = heats?.words.find((word) => word.chip.key === chip.key);
        return heat ? [{ key: chip.key, label: chip.text, heat: heat.map }] : [];
      }),
    [lit, heats],
  );
  const describe = (word: string, { value, row, column }: HeatReading): string =>
    texts.attention.reading({ word, value: probability(value), row: row + 1, column: column + 1 });
  const drawn = useCallback(() => {
    performance.mark('heatmap-drawn');
  }, []);
  const { image, elapsedMs, device } = finished.result;
  const [only] = items;
  const columns = items.length <= 3 ? items.length : items.length === 4 ? 2 : items.length <= 6 ? 3 : 4;
  const grid = {
    '--columns': columns,
    '--rows': Math.ceil(items.length / Math.max(1, columns)),
  } as CSSProperties;
  return (
    <div className={styles.picture}>
      <div className={items.length > 1 ? styles.many : styles.frame} style={grid}>
        {items.length > 1 ? (
          <HeatMultiples
            image={image}
            items={items}
            scale={scale}
            opacity={opacity}
            describe={(item, at) => describe(item.label, at)}
            onRead={(item, at) => setReading(at && describe(item.label, at))}
            onPick={(_, at) => pick(at)}
            onDrawn={drawn}
          />
        ) : (
          <Heatmap
            image={image}
            heat={only?.heat}
            scale={scale}
            opacity={opacity}
            label={
              only
                ? texts.attention.mapOf({ word: only.label })
                : texts.attention.imageOf({ prompt: finished.params.prompt })
            }
            hint={texts.attention.pointHint}
            describe={(at) => describe(only?.label ?? '', at)}
            onRead={(at) => setReading(at && only && describe(only.label, at))}
            onPick={pick}
            onDrawn={drawn}
          />
        )}
        <p className={styles.caption}>
          <span>{reading ?? (only ? `${texts.attention.pointHint} ${texts.inside.placeHint}` : '')}</span>
          <span>
            {shown.run.status === 'done'
              ? texts.run.took({ seconds: seconds(elapsedMs), device: texts.status[device] })
              : texts.run.outdated}
          </span>
        </p>
      </div>
      {place !== 'none' && <PlacePanel finished={finished} place={place} />}
    </div>
  );
}
