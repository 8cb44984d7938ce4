import { useMemo } from 'react';
import { LayerBars } from '../../charts/layer-bars.tsx';
import type { Separations } from '../../protocol/separation.ts';
import { useTexts } from '../context.ts';
import { SaveButtons } from '../saving/save-buttons.tsx';
import type { SavedTable } from '../saving/save-table.ts';
import shell from '../shell/shell.module.css';

/** AUC by layer, grey where luck reaches as far; `about` is what a file says besides. */
export function SeparationFigures(props: {
  readonly result: Separations;
  readonly concepts: readonly string[];
  readonly about: Pick<SavedTable, 'kind' | 'model' | 'recipe' | 'parameters' | 'name'>;
}) {
  const texts = useTexts();
  const { result, concepts, about } = props;
  const layers = useMemo(
    () =>
      result.layers.map(({ site, block, auc }) => ({
        key: site,
        label: String(block + 1),
        values: auc.map(centre),
      })),
    [result],
  );
  return (
    <>
      <LayerBars
        layers={layers}
        concepts={concepts}
        max={0.5}
        format={shownAuc}
        inside={({ layer, concept }) => isLuck(result, layer, concept)}
        texts={{
          caption: texts.parts.separation,
          concept: texts.concepts.conceptColumn,
          inside: texts.concepts.insideBand,
          layer: (label) => texts.concepts.layerNumber({ layer: Number(label) }),
        }}
      />
      <p className={shell.small}>{texts.parts.separationHint({ scenes: result.scenes })}</p>
      <SaveButtons
        kinds={['png', 'svg', 'csv', 'json']}
        save={async (kind) => {
          const { saveTable } = await import('../saving/save-table.ts');
          const { layersSvg } = await import('../saving/save-matrix.ts');
          await saveTable(kind, {
            ...about,
            device: result.device,
            svg: layersSvg(`${texts.parts.separation} · ${about.model}`, layers, concepts, {
              format: shownAuc,
              max: 0.5,
              inside: (layer, concept) => isLuck(result, layer, concept),
            }),
            head: [
              'site',
              'concept',
              'auc',
              'effect_d',
              'random_low',
              'random_high',
              'shuffled_low',
              'shuffled_high',
              'shown_in',
            ],
            rows: result.layers.flatMap(({ site, auc, effect, randomBand }) =>
              concepts.map((concept, i) => [
                site,
                concept,
                auc[i]!,
                effect[i]!,
                randomBand[i]!.low,
                randomBand[i]!.high,
                result.shuffled[i]!.low,
                result.shuffled[i]!.high,
                result.positives[i]!,
              ]),
            ),
          });
        }}
      />
    </>
  );
}

/** Around chance, so that colour means better or worse than it. */
function centre(auc: number): number {
  return auc - 0.5;
}

function shownAuc(value: number): string {
  return Number.isFinite(value) ? (value + 0.5).toFixed(2) : '–';
}

function isLuck({ layers, shuffled }: Separations, layer: number, concept: number): boolean {
  const { auc, randomBand } = layers[layer]!;
  const value = auc[concept]!;
  if (!Number.isFinite(value)) return true;
  return value <= randomBand[concept]!.high || value <= shuffled[concept]!.high;
}
