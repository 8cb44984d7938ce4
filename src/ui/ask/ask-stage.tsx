import { useMemo, useState } from 'react';
import type { HeatReading, HeatScale } from '../../charts/heat.ts';
import { Heatmap } from '../../charts/heatmap.tsx';
import { ASK_PARTS } from '../../state/ask-address.ts';
import attention from '../attention/attention.module.css';
import { Cautions } from '../cautions.tsx';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Segments } from '../controls/segments.tsx';
import { FailureMessage } from '../failure.tsx';
import { seconds } from '../figures.ts';
import shell from '../shell/shell.module.css';
import { AnswerWords, wordOf } from './answer-words.tsx';
import styles from './ask.module.css';
import { BridgeStage } from './bridge-part.tsx';
import { ChangeStage } from './change-part.tsx';
import { figureOf } from './heat-figure.ts';
import { TraceStage } from './trace-part.tsx';
import { type Asked, peakOf, useAsk, useChange } from './use-ask.ts';
import { WhyStage } from './why-stage.tsx';

/** Middle of the ask view: the picture, the conversation under it, and the part that is looked at. */
export function AskStage() {
  const texts = useTexts();
  const change = useChange();
  const asked = useAsk();
  const { ask, run, answer, finished, word } = asked;
  const tokens = run.status === 'running' ? (run.progress?.tokens ?? []) : (finished?.result.tokens ?? []);
  return (
    <>
      <Segments
        label={texts.ask.parts}
        value={ask.part}
        options={ASK_PARTS.map((part) => ({ value: part, label: texts.ask[`part_${part}`] }))}
        onChange={(part) => change({ part })}
      />
      {ask.part === 'why' && <Exhibit asked={asked} />}
      {ask.part === 'bridge' && <BridgeStage />}
      {ask.part === 'trace' && <TraceStage />}
      {ask.part === 'change' && <ChangeStage asked={asked} />}
      {ask.part !== 'change' && (
        <>
          {answer && tokens.length > 0 && ask.part === 'why' && (
            <p className={attention.hint}>{texts.ask.answerHint}</p>
          )}
          <AnswerWords
            label={texts.ask.answer}
            question={run.status === 'idle' ? '' : run.params.question}
            tokens={tokens}
            limited={answer?.result.ended === 'limit'}
            {...(answer
              ? { chosen: word, onChoose: (index: number) => change({ word: index, part: 'why' }) }
              : {})}
          />
          {answer && tokens.length === 0 && <Message tone="note">{texts.ask.silent}</Message>}
          {answer && <Cautions cautions={answer.result.cautions} />}
        </>
      )}
      {ask.part === 'why' && <WhyStage asked={asked} />}
    </>
  );
}

/** The picture with the chosen word's heat. */
function Exhibit({ asked }: { readonly asked: Asked }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const change = useChange();
  const explained = useRun('explainAnswer');
  const [reading, setReading] = useState<string>();
  const { ask, answer, finished, token, heat, ablated } = asked;
  const max = heat ? peakOf(heat.heat.data) : 0;
  const unit = heat?.unit;
  const scale = useMemo<HeatScale>(
    () =>
      unit === 'probability' ? { kind: 'sequential', max, palette: 'inferno' } : { kind: 'diverging', max },
    [unit, max],
  );
  if (!finished) {
    return (
      <div className={attention.picture}>
        <div className={attention.frame}>
          <div className={attention.empty}>{texts.run.waiting}</div>
        </div>
      </div>
    );
  }
  const { image, elapsedMs, device } = finished.result;
  const describe = ({ value, row, column }: HeatReading): string =>
    texts.ask.reading({ value: figureOf(value, unit ?? 'probability'), row: row + 1, column: column + 1 });
  return (
    <div className={attention.picture}>
      <div className={attention.frame}>
        <Heatmap
          image={image}
          heat={heat?.heat}
          scale={scale}
          opacity={0.75}
          label={
            heat && token
              ? texts.ask.mapOf({ word: wordOf(token.text), method: texts.ask[`method_${ask.method}`] })
              : texts.ask.pictureOf({ question: finished.params.question })
          }
          hint={texts.ask.pointHint}
          describe={describe}
          onRead={(at) => setReading(at && describe(at))}
          onPick={({ row, column }) => {
            const patch = row * (heat?.heat.dims[1] ?? 0) + column;
            change({ patch: patch === ask.patch ? 'none' : patch });
          }}
        />
        <p className={attention.caption}>
          <span>{reading ?? (heat ? texts.ask.pointHint : '')}</span>
          <span>
            {answer
              ? texts.run.took({ seconds: seconds(elapsedMs), device: texts.status[device] })
              : texts.run.outdated}
          </span>
        </p>
        {ask.method === 'ablation' && ablated.status === 'running' && (
          <ProgressLine
            progress={ablated.progress}
            describe={({ done, total }) => texts.ask.ablating({ done, total })}
            onCancel={vitrine.runs.ablatePatches.cancel}
          />
        )}
        {ask.method === 'ablation' && ablated.status === 'failed' && (
          <FailureMessage failure={ablated.failure} />
        )}
        {explained.status === 'failed' && <FailureMessage failure={explained.failure} />}
      </div>
      <p className={`${shell.small} ${styles.method}`}>{texts.ask[`hint_${ask.method}`]}</p>
    </div>
  );
}
