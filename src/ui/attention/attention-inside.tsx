import { useMemo } from 'react';
import type { HeatScale } from '../../charts/heat.ts';
import { HeatLegend } from '../../charts/heat-legend.tsx';
import { HeatTable } from '../../charts/heat-table.tsx';
import { HEAT_COLOURS } from '../../state/address.ts';
import { headCount, USUAL_CHOICE } from '../../state/heat.ts';
import { useAddress, useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Check } from '../controls/check.tsx';
import { Range } from '../controls/range.tsx';
import { Select } from '../controls/select.tsx';
import { probability } from '../figures.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import shell from '../shell/shell.module.css';
import { siteLabel } from '../site-label.ts';
import { Probes } from './inside/probes.tsx';
import { BoundHeads, WordFigures } from './inside/word-figures.tsx';
import { useAttention } from './use-attention.ts';

/** Right of the attention view: which maps are averaged, and how heat becomes colour. */
export function AttentionInside() {
  const texts = useTexts();
  const vitrine = useVitrine();
  const recipe = useAddress((address) => address.attention.recipe);
  const opacity = useAddress((address) => address.attention.opacity);
  const palette = useAddress((address) => address.attention.colours);
  const special = useAddress((address) => address.attention.special);
  const selected = useAddress((address) => address.attention.words);
  const shown = useAttention();
  const { finished, choice, heats, lit } = shown;
  const max = heats?.max ?? 0;
  const scale = useMemo<HeatScale>(() => ({ kind: 'sequential', max, palette }), [max, palette]);
  if (!finished || !heats) return <p className={shell.small}>{texts.run.soon}</p>;
  const { result } = finished;
  const { attention: words } = texts;
  const steps = result.attention[0]?.pattern.dims[0] ?? 0;
  const heads = headCount(result, choice.layer);
  const whole = choice.layer === 'mean' && choice.head === 'mean' && choice.step === USUAL_CHOICE.step;
  const numbered = (count: number, label: (number: number) => string) =>
    Array.from({ length: count }, (_, position) => ({ value: String(position), label: label(position + 1) }));
  const read = (value: string): number | 'mean' => (value === 'mean' ? 'mean' : Number(value));
  const last = heats.words.find(({ chip }) => chip === lit.at(-1));
  return (
    <>
      <div className={shell.group}>
        <h2 className={shell.heading}>{texts.page.isInside}</h2>
        <Select
          label={texts.inside.recipe}
          value={recipe}
          options={[
            { value: 'daam', label: texts.inside.recipeDaam },
            { value: 'outputs', label: texts.inside.recipeOutputs },
          ]}
          onChange={(value) =>
            vitrine.change(
              'attention',
              value === 'outputs' ? { recipe: 'outputs', head: 'mean', step: 'mean' } : { recipe: 'daam' },
              'push',
            )
          }
        />
        {recipe === 'outputs' && <p className={shell.small}>{texts.inside.outputsHint}</p>}
        <Select
          label={words.layer}
          value={choice.layer}
          options={[
            { value: 'mean', label: words.allLayers },
            ...result.attention.map(({ site, gridHeight, gridWidth }) => ({
              value: site,
              label: `${siteLabel(site, texts)} · ${gridHeight} × ${gridWidth}`,
            })),
          ]}
          onChange={(layer) => vitrine.change('attention', { layer }, 'push')}
        />
        <Select
          label={words.head}
          value={String(choice.head)}
          options={[
            { value: 'mean', label: words.allHeads },
            ...numbered(heads, (number) => words.headNumber({ number })),
          ]}
          onChange={(head) => vitrine.change('attention', { head: read(head) }, 'push')}
        />
        <Select
          label={words.step}
          value={String(choice.step)}
          options={[
            { value: 'mean', label: words.allSteps },
            { value: 'late', label: words.lateSteps },
            ...numbered(steps, (number) => words.stepNumber({ number })),
          ]}
          onChange={(step) =>
            vitrine.change('attention', { step: step === 'late' ? step : read(step) }, 'push')
          }
        />
        {whole ? (
          recipe === 'daam' && <p className={shell.small}>{words.aggregate}</p>
        ) : (
          <Button look="quiet" onClick={() => vitrine.change('attention', USUAL_CHOICE, 'push')}>
            {words.backToAggregate}
          </Button>
        )}
      </div>
      <div className={shell.group}>
        <HeatLegend
          scale={scale}
          label={recipe === 'outputs' ? texts.inside.outputsLegend : words.legend}
          baseline={{ value: heats.uniform, label: texts.attention.uniformName }}
          format={probability}
        />
        <p className={shell.small}>
          {words.scaleHint({ max: probability(max) })} {words.uniformHint} {words.weight}
        </p>
        <Check
          label={words.special}
          checked={special}
          onChange={(checked) => {
            const kept = checked ? selected : selected.filter((key) => !key.startsWith('['));
            vitrine.change('attention', { special: checked, words: kept }, 'push');
          }}
        />
        <Range
          label={words.opacity}
          value={opacity}
          min={0}
          max={100}
          format={(value) => `${value}%`}
          onChange={(value) => vitrine.change('attention', { opacity: value }, 'replace')}
        />
        <Select
          label={words.colours}
          value={palette}
          options={HEAT_COLOURS.map((value) => ({ value, label: value }))}
          onChange={(value) => {
            const colours = HEAT_COLOURS.find((entry) => entry === value);
            if (colours) vitrine.change('attention', { colours }, 'replace');
          }}
        />
      </div>
      <div className={shell.group}>
        <WordFigures shown={shown} />
        <BoundHeads shown={shown} />
        <Probes />
      </div>
      <div className={shell.group}>
        <SaveButtons
          kinds={['png', 'svg', 'film', 'csv', 'json', 'npz']}
          save={async (kind) => {
            const { saveAttention } = await import('../saving/save-attention.ts');
            const words = heats.words.filter(({ chip }) => lit.includes(chip));
            await saveAttention(kind, {
              finished,
              heats,
              lit: words,
              choice: { ...choice, recipe },
              scale,
              opacity: opacity / 100,
            });
          }}
        />
        {last && (
          <HeatTable
            heat={last.map}
            texts={{
              summary: words.table,
              caption: words.mapOf({ word: last.chip.text }),
              row: (number) => words.rowNumber({ number }),
              column: (number) => words.columnNumber({ number }),
            }}
            format={probability}
          />
        )}
      </div>
    </>
  );
}
