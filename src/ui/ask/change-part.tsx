import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { Heatmap } from '../../charts/heatmap.tsx';
import { ASK_LIMITS, CUTS } from '../../state/ask-address.ts';
import { shownOf } from '../../state/run.ts';
import { grid } from '../../tensor/tensor.ts';
import attention from '../attention/attention.module.css';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Segments } from '../controls/segments.tsx';
import { FailureMessage } from '../failure.tsx';
import shell from '../shell/shell.module.css';
import { AnswerWords } from './answer-words.tsx';
import styles from './ask.module.css';
import { type Asked, useChange, useChangedAnswer } from './use-ask.ts';

const SCALE: HeatScale = { kind: 'diverging', max: 1 };

/** Parts taken away, and the two answers side by side. */
export function ChangeStage({ asked }: { readonly asked: Asked }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const change = useChange();
  const run = useChangedAnswer();
  const { ask, finished, explanation } = asked;
  const changed = ask.masked.length > 0 || ask.silenced.length > 0 || ask.cut !== 'none';
  const shown = changed ? shownOf(run) : undefined;
  const side = explanation?.gridWidth ?? 8;
  const mask = useMemo(() => {
    const data = new Float32Array(side * side);
    for (const patch of ask.masked) if (patch < data.length) data[patch] = -1;
    return grid(side, side, data);
  }, [ask.masked, side]);
  if (!finished) return <p className={shell.small}>{texts.run.waiting}</p>;
  const said = (tokens: readonly { readonly text: string }[]) => tokens.map(({ text }) => text).join(' ');
  const tokens = run.status === 'running' ? (run.progress?.tokens ?? []) : (shown?.result.tokens ?? []);
  return (
    <>
      <div className={attention.picture}>
        <p className={attention.hint}>{texts.ask.maskHint}</p>
        <div className={attention.frame}>
          <Heatmap
            image={finished.result.image}
            heat={mask}
            scale={SCALE}
            opacity={0.9}
            smooth={false}
            label={texts.ask.masked({ count: ask.masked.length })}
            hint={texts.ask.maskHint}
            describe={({ row, column }) =>
              texts.ask.reading({
                value: texts.ask.masked({ count: ask.masked.length }),
                row: row + 1,
                column: column + 1,
              })
            }
            onPick={({ row, column }) => {
              const patch = row * side + column;
              const masked = ask.masked.includes(patch)
                ? ask.masked.filter((entry) => entry !== patch)
                : [...ask.masked, patch].slice(-ASK_LIMITS.masked);
              change({ masked });
            }}
          />
        </div>
      </div>
      <div className={styles.pair}>
        <AnswerWords
          label={texts.ask.before}
          question={texts.ask.before}
          tokens={finished.result.tokens}
          limited={false}
        />
        {changed ? (
          <AnswerWords label={texts.ask.after} question={texts.ask.after} tokens={tokens} limited={false} />
        ) : (
          <p className={shell.small}>{texts.ask.nothingTaken}</p>
        )}
      </div>
      {changed && run.status === 'running' && (
        <ProgressLine
          progress={run.progress}
          describe={({ done }) => texts.ask.token({ done })}
          onCancel={vitrine.runs.changedAnswer.cancel}
        />
      )}
      {changed && run.status === 'failed' && <FailureMessage failure={run.failure} />}
      {changed && run.status === 'done' && (
        <Message tone="note">
          {said(run.result.tokens) === said(finished.result.tokens) ? texts.ask.same : texts.ask.differs}
        </Message>
      )}
    </>
  );
}

export function ChangeInside({ asked }: { readonly asked: Asked }) {
  const texts = useTexts();
  const change = useChange();
  const { ask, token } = asked;
  const [layers = 0, heads = 0] = token?.attention.dims ?? [];
  return (
    <>
      <p className={shell.lead}>{texts.ask.changeLead}</p>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.ask.cut}</h2>
        <Segments
          label={texts.ask.cut}
          value={ask.cut}
          options={CUTS.map((cut) => ({ value: cut, label: texts.ask[`cut_${cut}`] }))}
          onChange={(cut) => change({ cut })}
        />
      </div>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.ask.silence}</h2>
        <table className={styles.switches}>
          <caption className={styles.hidden}>{texts.ask.silence}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.ask.headColumn}</th>
              {numbers(layers).map((layer) => (
                <th key={layer} scope="col" aria-label={texts.ask.layerNumber({ layer: layer + 1 })}>
                  {layer + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers(heads).map((head) => (
              <tr key={head}>
                <th scope="row">{texts.ask.headNumber({ number: head + 1 })}</th>
                {numbers(layers).map((layer) => {
                  const name = `${layer}.${head}`;
                  const off = ask.silenced.includes(name);
                  return (
                    <td key={layer}>
                      <button
                        type="button"
                        aria-pressed={off}
                        aria-label={`${texts.ask.layerNumber({ layer: layer + 1 })}, ${texts.ask.headNumber({ number: head + 1 })}`}
                        onClick={() =>
                          change({
                            silenced: off
                              ? ask.silenced.filter((entry) => entry !== name)
                              : [...ask.silenced, name].slice(-ASK_LIMITS.silenced),
                          })
                        }
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
        <p className={shell.small}>{texts.ask.silenceHint}</p>
        <Button onClick={() => change({ masked: [], silenced: [], cut: 'none' })}>{texts.ask.reset}</Button>
      </div>
    </>
  );
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
