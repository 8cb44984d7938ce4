import { useMemo, useState } from 'react';
import { BarTable } from '../../charts/bar-table.tsx';
import { layoutBars } from '../../charts/bars.ts';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatMultiples } from '../../charts/heat-multiples.tsx';
import { Heatmap } from '../../charts/heatmap.tsx';
import type { Bridge } from '../../protocol/ask.ts';
import { queryGrids } from '../../state/ask-heat.ts';
import { shownOf } from '../../state/run.ts';
import { grid } from '../../tensor/tensor.ts';
import attention from '../attention/attention.module.css';
import { useRun, useTexts, useVitrine } from '../context.ts';
import { ProgressLine } from '../controls/progress-line.tsx';
import { FailureMessage } from '../failure.tsx';
import { cosine, probability } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { wordOf } from './answer-words.tsx';
import styles from './ask.module.css';
import { peakOf } from './use-ask.ts';

/** What the picture has become: image tokens in words, and the maps of a Q-Former's queries. */
export function BridgeStage() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const run = useRun('bridge');
  const shown = shownOf(run);
  const [token, setToken] = useState(0);
  return (
    <>
      {run.status === 'running' && (
        <ProgressLine
          progress={run.progress}
          describe={({ done, total }) => texts.run.step({ done, total })}
          onCancel={vitrine.runs.bridge.cancel}
        />
      )}
      {run.status === 'failed' && <FailureMessage failure={run.failure} />}
      {shown && (
        <Tokens
          bridge={shown.result}
          token={Math.min(token, shown.result.tokens.length - 1)}
          onChoose={setToken}
        />
      )}
    </>
  );
}

/** Right of the bridge: what is seen there, and its files. */
export function BridgeInside() {
  const texts = useTexts();
  const finished = shownOf(useRun('bridge'));
  return (
    <div className={shell.group}>
      <p className={shell.lead}>{texts.ask.bridgeLead}</p>
      {finished && (
        <SaveButtons
          kinds={finished.result.queries ? ['svg', 'csv', 'json'] : ['csv', 'json']}
          save={async (kind) => {
            const { saveBridge } = await import('../saving/save-bridge.ts');
            await saveBridge(kind, finished);
          }}
        />
      )}
    </div>
  );
}

function Tokens(props: {
  readonly bridge: Bridge;
  readonly token: number;
  readonly onChoose: (token: number) => void;
}) {
  const texts = useTexts();
  const { bridge, token, onChoose } = props;
  const { image, gridHeight, gridWidth, queries } = bridge;
  const maps = useMemo(() => (queries ? queryGrids(queries) : []), [queries]);
  const max = queries ? peakOf(queries.maps.data) : 1;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette: 'inferno' }), [max]);
  const chosen = useMemo(() => {
    const data = new Float32Array(gridHeight * gridWidth);
    data[token] = 1;
    return grid(gridHeight, gridWidth, data);
  }, [gridHeight, gridWidth, token]);
  const flat = useMemo<HeatScale>(() => ({ kind: 'sequential', max: 1, palette: 'cividis' }), []);
  const found = bridge.tokens[token];
  return (
    <>
      {queries ? (
        <>
          <p className={attention.hint}>{texts.ask.queriesHint}</p>
          <HeatMultiples
            image={image}
            items={maps.map((heat, query) => ({
              key: String(query),
              label: texts.ask.queryMap({ number: query + 1 }),
              heat,
            }))}
            scale={scale}
            opacity={0.75}
            describe={(item, { value }) => `${item.label} ${probability(value)}`}
            onPick={(item) => onChoose(Number(item.key))}
          />
          <HeatLegend
            scale={scale}
            label={texts.ask.unit_probability}
            baseline={{ value: 1 / (gridHeight * gridWidth + 1), label: texts.attention.uniformName }}
          />
        </>
      ) : (
        <div className={attention.picture}>
          <p className={attention.hint}>{texts.ask.softHint}</p>
          <div className={attention.frame}>
            <Heatmap
              image={image}
              heat={chosen}
              scale={flat}
              opacity={0.6}
              smooth={false}
              label={texts.ask.softToken({ number: token + 1 })}
              hint={texts.ask.softHint}
              describe={({ row, column }) => texts.ask.softToken({ number: row * gridWidth + column + 1 })}
              onPick={({ row, column }) => onChoose(row * gridWidth + column)}
            />
          </div>
        </div>
      )}
      {found && (
        <section className={shell.group} aria-label={texts.ask.softToken({ number: token + 1 })}>
          <h2 className={shell.heading}>{texts.ask.softToken({ number: token + 1 })}</h2>
          <div className={styles.pair}>
            <Words title={texts.ask.nearest} words={found.nearest} band={bridge.nearestBand} />
            <Words
              title={texts.ask.contextual({ layer: bridge.block + 1 })}
              words={found.contextual}
              band={bridge.contextualBand}
            />
          </div>
        </section>
      )}
    </>
  );
}

function Words(props: {
  readonly title: string;
  readonly words: readonly { readonly text: string; readonly cosine: number }[];
  readonly band: number;
}) {
  const texts = useTexts();
  const { title, words, band } = props;
  const bars = words.map(({ text, cosine: value }) => ({
    key: text,
    label: wordOf(text),
    value,
    band: { low: -band, high: band },
  }));
  return (
    <div>
      <p className={shell.small}>{title}</p>
      <BarTable
        layout={layoutBars(bars, { width: 100 }, { order: 'given', domain: [0, 1] })}
        format={cosine}
        texts={{ caption: title, label: texts.ask.candidate, value: texts.ask.cosine }}
      />
      <p className={shell.small}>{texts.ask.softBand({ value: cosine(band) })}</p>
    </div>
  );
}
