import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatTable } from '../../charts/heat-table.tsx';
import { LayerBars } from '../../charts/layer-bars.tsx';
import { ProbabilityBars } from '../../charts/probability-bars.tsx';
import type { AnswerExplanation, TokenExplanation } from '../../protocol/ask.ts';
import { ASK_METHODS, type AskMethod } from '../../state/ask-address.ts';
import { agreement as agreementOf, headMatrix, wordShares } from '../../state/ask-heat.ts';
import { useTexts, useVitrine } from '../context.ts';
import { Message } from '../controls/message.tsx';
import { ProgressLine } from '../controls/progress-line.tsx';
import { Segments } from '../controls/segments.tsx';
import { Select } from '../controls/select.tsx';
import { share } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { wordOf } from './answer-words.tsx';
import { BridgeInside } from './bridge-part.tsx';
import { ChangeInside } from './change-part.tsx';
import { figureOf } from './heat-figure.ts';
import { TraceInside } from './trace-part.tsx';
import { type Asked, peakOf, useAsk, useChange } from './use-ask.ts';

/** Right of the ask view: how the heat is measured, what it says of the parts, and which heads read the picture. */
export function AskInside() {
  const asked = useAsk();
  if (asked.ask.part === 'trace') return <TraceInside />;
  if (asked.ask.part === 'change') return <ChangeInside asked={asked} />;
  if (asked.ask.part === 'bridge') return <BridgeInside />;
  return <WhyInside asked={asked} />;
}

function WhyInside({ asked }: { readonly asked: Asked }) {
  const texts = useTexts();
  const change = useChange();
  const { ask, explanation, token } = asked;
  const chosen = ask.method === 'attention' || ask.method === 'attribution';
  const without = explanation?.without ?? [];
  const [layers = 0, heads = 0] = token?.attention.dims ?? [];
  const numbered = (count: number, label: (number: number) => string) =>
    Array.from({ length: count }, (_, i) => ({ value: String(i), label: label(i + 1) }));
  const read = (value: string): number | 'mean' => (value === 'mean' ? 'mean' : Number(value));
  return (
    <>
      <div className={shell.group}>
        <Select
          label={texts.ask.method}
          value={ask.method}
          options={ASK_METHODS.filter((method) => !without.some((lacking) => lacking === method)).map(
            (method) => ({ value: method, label: texts.ask[`method_${method}`] }),
          )}
          onChange={(value) => {
            const method = ASK_METHODS.find((entry) => entry === value);
            if (method) change({ method });
          }}
        />
        {without.includes('attribution') && <p className={shell.small}>{texts.ask.noAttribution}</p>}
        {without.includes('rollout') && <p className={shell.small}>{texts.ask.noRollout}</p>}
        {ask.method === 'ablation' && (
          <Segments
            label={texts.ask.level}
            value={ask.level}
            options={[
              { value: 'token', label: texts.ask.levelToken },
              { value: 'pixel', label: texts.ask.levelPixel },
            ]}
            onChange={(level) => change({ level })}
          />
        )}
        {chosen && token && (
          <>
            <Select
              label={texts.ask.layer}
              value={String(ask.layer)}
              options={[
                { value: 'mean', label: texts.ask.allLayers },
                ...numbered(layers, (layer) => texts.ask.layerNumber({ layer })),
              ]}
              onChange={(layer) => change({ layer: read(layer) })}
            />
            <Select
              label={texts.ask.head}
              value={String(ask.head)}
              options={[
                { value: 'mean', label: texts.ask.allHeads },
                ...numbered(heads, (number) => texts.ask.headNumber({ number })),
              ]}
              onChange={(head) => change({ head: read(head) })}
            />
          </>
        )}
        <Figures asked={asked} />
      </div>
      {explanation && token && (
        <>
          <Shares asked={asked} explanation={explanation} />
          <Heads asked={asked} explanation={explanation} />
        </>
      )}
    </>
  );
}

/** Legend, baseline, agreement with the referee, export, table. */
function Figures({ asked }: { readonly asked: Asked }) {
  const texts = useTexts();
  const vitrine = useVitrine();
  const { ask, heat, token, explanation, ablation, ablated, word, finished } = asked;
  const max = heat ? peakOf(heat.heat.data) : 0;
  const unit = heat?.unit;
  const scale = useMemo<HeatScale>(
    () =>
      unit === 'probability' ? { kind: 'sequential', max, palette: 'inferno' } : { kind: 'diverging', max },
    [unit, max],
  );
  if (!heat || !token || !explanation) return <p className={shell.small}>{texts.run.soon}</p>;
  const { data } = heat.heat;
  // Attention spreads over everything that was read; the other measures over the patches.
  const uniform = data.reduce((sum, value) => sum + value, 0) / data.length;
  const baseline =
    heat.unit === 'probability' && !explanation.queries
      ? (explanation.places?.[0]?.length ?? 1) / keysOf(explanation, token, ask.method)
      : uniform;
  const label = texts.ask.mapOf({ word: wordOf(token.text), method: texts.ask[`method_${ask.method}`] });
  const agreement = ask.method !== 'ablation' && ablation ? agreementOf(heat, ablation, word) : undefined;
  return (
    <>
      <HeatLegend
        scale={scale}
        label={texts.ask[`unit_${heat.unit}`]}
        baseline={{ value: baseline, label: texts.ask.uniform }}
        format={(value) => figureOf(value, heat.unit)}
      />
      {explanation.queries && ask.method !== 'ablation' && (
        <p className={shell.small}>{texts.ask.composition}</p>
      )}
      {explanation.queries && ask.method !== 'ablation' && ablated.status === 'running' && (
        <ProgressLine
          progress={ablated.progress}
          describe={({ done, total }) => texts.ask.ablating({ done, total })}
          onCancel={vitrine.runs.ablatePatches.cancel}
        />
      )}
      {agreement !== undefined && (
        <p className={shell.small}>{texts.ask.agreement({ value: share(agreement) })}</p>
      )}
      {agreement !== undefined && agreement < LEAST_AGREEMENT && (
        <Message tone="caution">{texts.ask.meaningless}</Message>
      )}
      {explanation.sinks.length > 0 && ask.method !== 'ablation' && (
        <p className={shell.small}>
          {texts.ask.sinks({
            places: explanation.sinks
              .map((sink) =>
                texts.ask.sinkAt({
                  word: wordOf(explanation.sequence[sink.position]!.text),
                  share: share(sink.share),
                }),
              )
              .join(', '),
          })}
        </p>
      )}
      {finished && (
        <SaveButtons
          kinds={['png', 'svg', 'csv', 'json']}
          save={async (kind) => {
            const { saveAsk } = await import('../saving/save-ask.ts');
            await saveAsk(kind, { finished, ask, heat, scale, baseline, word: wordOf(token.text) });
          }}
        />
      )}
      <HeatTable
        heat={heat.heat}
        texts={{
          summary: texts.ask.table,
          caption: label,
          row: (number) => texts.ask.rowNumber({ number }),
          column: (number) => texts.ask.columnNumber({ number }),
        }}
        format={(value) => figureOf(value, heat.unit)}
      />
    </>
  );
}

/** Below it a map orders patches hardly better than a coin would. */
const LEAST_AGREEMENT = 0.6;

/** Positions that the word could have read: those before it, or those of the picture where cross attention reads it. */
function keysOf({ crossKeys }: AnswerExplanation, { from }: TokenExplanation, method: AskMethod): number {
  return method === 'attention' && crossKeys !== undefined ? crossKeys : from + 1;
}

const PARTS = ['image', 'question', 'answer', 'template'] as const;

function Shares({ asked, explanation }: { readonly asked: Asked; readonly explanation: AnswerExplanation }) {
  const texts = useTexts();
  const { ask, token } = asked;
  if (!token) return null;
  const { by: method, shares } = wordShares(explanation, token, ask.method);
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.ask.shares}</h2>
      <ProbabilityBars
        bars={PARTS.map((part) => ({
          key: part,
          label: texts.ask[`share_${part}`],
          probability: shares[part],
        }))}
        order="given"
        baseline={0}
        texts={{
          caption: texts.ask.shares,
          label: texts.ask.parts,
          value: texts.ask.probability,
          baseline: '',
        }}
      />
      <p className={shell.small}>
        {texts.ask.sharesHint({ method: texts.ask[`method_${method}`] })}{' '}
        {texts.ask.chance({
          value: share(explanation.imagePositions.length / keysOf(explanation, token, method)),
        })}
      </p>
    </div>
  );
}

function Heads({ asked, explanation }: { readonly asked: Asked; readonly explanation: AnswerExplanation }) {
  const texts = useTexts();
  const change = useChange();
  const { ask, token } = asked;
  const matrix = useMemo(() => (token ? headMatrix(explanation, token) : []), [explanation, token]);
  const heads = matrix[0]?.map((_, head) => texts.ask.headNumber({ number: head + 1 })) ?? [];
  return (
    <div className={shell.group}>
      <h2 className={shell.heading}>{texts.ask.heads}</h2>
      <LayerBars
        layers={matrix.map((values, layer) => ({ key: String(layer), label: String(layer + 1), values }))}
        concepts={heads}
        max={1}
        format={(value) => String(Math.round(100 * value))}
        selected={
          ask.layer === 'mean' || ask.head === 'mean' ? undefined : { layer: ask.layer, concept: ask.head }
        }
        texts={{
          caption: texts.ask.heads,
          concept: texts.ask.headColumn,
          inside: '',
          layer: (label) => texts.ask.layerNumber({ layer: Number(label) }),
        }}
        onSelect={(layer, head) =>
          change(
            ask.layer === layer && ask.head === head
              ? { layer: 'mean', head: 'mean' }
              : { layer, head, ...(ask.method === 'ablation' ? { method: 'attention' } : {}) },
          )
        }
      />
      <p className={shell.small}>{texts.ask.headsHint}</p>
    </div>
  );
}
