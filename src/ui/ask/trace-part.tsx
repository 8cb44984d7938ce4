import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatMultiples } from '../../charts/heat-multiples.tsx';
import { LayerBars } from '../../charts/layer-bars.tsx';
import type { Trace } from '../../protocol/ask.ts';
import { cleanText } from '../../state/address.ts';
import { ASK_LIMITS } from '../../state/ask-address.ts';
import { PRESETS } from '../../state/presets.ts';
import { shownOf } from '../../state/run.ts';
import { grid } from '../../tensor/tensor.ts';
import attention from '../attention/attention.module.css';
import { useAddress, useRun, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { Message } from '../controls/message.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Select } from '../controls/select.tsx';
import { FailureMessage } from '../failure.tsx';
import { cosine } from '../figures.ts';
import { PixelsCanvas } from '../pixels-canvas.tsx';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { useDraft } from '../use-draft.ts';
import { wordOf } from './answer-words.tsx';
import styles from './ask.module.css';
import { useChange } from './use-ask.ts';

/** The causal map: which layer and place carries the difference between two runs. */
export function TraceStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('trace');
  const shown = shownOf(run);
  return (
    <>
      {run.status === 'running' && (
        <ProgressLine
          progress={run.progress}
          describe={({ done, total }) => texts.ask.tracing({ done, total })}
          onCancel={vitrine.runs.trace.cancel}
        />
      )}
      {run.status === 'failed' && <FailureMessage failure={run.failure} />}
      {shown && <TraceMap trace={shown.result} />}
    </>
  );
}

const SCALE: HeatScale = { kind: 'diverging', max: 1 };

function TraceMap({ trace }: { readonly trace: Trace }) {
  const texts = useTexts();
  const { recovered, seen, imagePositions, gridHeight, gridWidth, sequence } = trace;
  const [blocks, positions] = recovered.dims;
  const spatial = imagePositions.length === gridHeight * gridWidth;
  const at = (block: number, position: number) => recovered.data[block * positions + position] ?? 0;
  const maps = useMemo(
    () => [
      ...(seen ? [{ key: 'seen', label: texts.ask.traceSeen, heat: seen }] : []),
      ...Array.from({ length: spatial ? blocks : 0 }, (_, block) => ({
        key: String(block),
        label: texts.ask.layerNumber({ layer: block + 1 }),
        heat: grid(
          gridHeight,
          gridWidth,
          Float32Array.from(imagePositions, (position) => recovered.data[block * positions + position]!),
        ),
      })),
    ],
    [seen, spatial, blocks, positions, gridHeight, gridWidth, imagePositions, recovered, texts],
  );
  const strongest = imagePositions.reduce((best, position) =>
    sum(blocks, (block) => at(block, position)) > sum(blocks, (block) => at(block, best)) ? position : best,
  );
  const rows = sequence.filter(
    ({ role, position }) => role !== 'image' || !spatial || position === strongest,
  );
  const names = rows.map(({ text, position, role }) =>
    role === 'image'
      ? texts.ask[spatial ? 'tracePatches' : 'queryMap']({ number: imagePositions.indexOf(position) + 1 })
      : `${position + 1} ${wordOf(text)}`,
  );
  return (
    <>
      <div className={styles.runs}>
        <figure>
          <PixelsCanvas pixels={trace.sourceImage} className={styles.thumb} label={trace.sourceAnswer.text} />
          <figcaption lang="en">{wordOf(trace.sourceAnswer.text)}</figcaption>
        </figure>
        <span aria-hidden="true">→</span>
        <figure>
          <PixelsCanvas pixels={trace.targetImage} className={styles.thumb} label={trace.targetAnswer.text} />
          <figcaption lang="en">{wordOf(trace.targetAnswer.text)}</figcaption>
        </figure>
        <p className={shell.small}>
          {texts.ask.traceFrom({
            source: wordOf(trace.sourceAnswer.text),
            target: wordOf(trace.targetAnswer.text),
          })}
        </p>
      </div>
      {maps.length > 0 && (
        <HeatMultiples
          image={trace.targetImage}
          items={maps}
          scale={SCALE}
          opacity={0.8}
          describe={(item, { value, row, column }) =>
            `${item.label}: ${texts.ask.reading({ value: cosine(value), row: row + 1, column: column + 1 })}`
          }
        />
      )}
      {seen && <p className={shell.small}>{texts.ask.traceSeenHint}</p>}
      <HeatLegend scale={SCALE} label={texts.ask.recovered} format={cosine} />
      <section className={shell.group} aria-label={texts.ask.traceTable}>
        <h2 className={shell.heading}>{texts.ask.traceTable}</h2>
        <LayerBars
          layers={Array.from({ length: blocks }, (_, block) => ({
            key: String(block),
            label: String(block + 1),
            values: rows.map(({ position }) => at(block, position)),
          }))}
          concepts={names}
          max={1}
          texts={{
            caption: texts.ask.traceTable,
            concept: texts.ask.tracePosition,
            inside: '',
            layer: (label) => texts.ask.layerNumber({ layer: Number(label) }),
          }}
        />
      </section>
    </>
  );
}

function sum(count: number, value: (index: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += value(i);
  return total;
}

/** Which other run is compared with. */
export function TraceInside() {
  const texts = useTexts();
  const change = useChange();
  const ask = useAddress((address) => address.ask);
  const finished = shownOf(useRun('trace'));
  const [other, setOther] = useDraft(ask.other);
  return (
    <>
      <p className={shell.lead}>{texts.ask.traceLead}</p>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.ask.other}</h2>
        {ask.image.kind === 'scene' ? (
          <>
            <NumberField
              label={texts.ask.otherThing}
              value={ask.thing}
              range={[1, 9]}
              onChange={(thing) => change({ thing, other: '' })}
            />
            <Select
              label={texts.ask.otherColor}
              value={ask.color}
              options={PRESETS.colours.map((color) => ({ value: color, label: color }))}
              onChange={(color) => change({ color, other: '' })}
            />
          </>
        ) : (
          <Message tone="note">{texts.ask.traceUpload}</Message>
        )}
        <form
          className={styles.adder}
          onSubmit={(event) => {
            event.preventDefault();
            change({ other: cleanText(other, ASK_LIMITS.words) });
          }}
        >
          <Field label={texts.ask.otherQuestion} hint={texts.ask.otherQuestionHint}>
            {(ids) => (
              <input
                {...ids}
                value={other}
                maxLength={ASK_LIMITS.words}
                lang="en"
                autoComplete="off"
                spellCheck={false}
                onChange={({ target }) => setOther(target.value)}
              />
            )}
          </Field>
          <Button type="submit">{texts.ask.ask}</Button>
        </form>
        {finished && (
          <SaveButtons
            kinds={['svg', 'csv', 'json']}
            save={async (kind) => {
              const { saveTrace } = await import('../saving/save-trace.ts');
              saveTrace(kind, finished);
            }}
          />
        )}
      </div>
      <p className={attention.caption} />
    </>
  );
}
