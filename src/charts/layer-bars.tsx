import { format as numberFormat } from 'd3-format';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import styles from './bars.module.css';
import { type LayerCell, type LayerRow, layoutLayers, step } from './layers.ts';

export interface LayerBarsProps {
  readonly layers: readonly LayerRow[];
  readonly concepts: readonly string[];
  readonly texts: {
    readonly caption: string;
    /** Head of the concept column. */
    readonly concept: string;
    /** Said of a value that does not leave its null band. */
    readonly inside: string;
    /** Accessible name of a layer's column, as "layer 3". */
    readonly layer: (label: string) => string;
  };
  /** Overrules the layers' bands: which cells say nothing. */
  readonly inside?: (cell: LayerCell) => boolean;
  /** Magnitude that takes the full colour; default the largest shown. */
  readonly max?: number;
  /** Default: two decimals with sign. */
  readonly format?: (value: number) => string;
  /** Index of the chosen layer and concept. */
  readonly selected?: { readonly layer: number; readonly concept: number } | undefined;
  readonly onSelect?: ((layer: number, concept: number) => void) | undefined;
}

const signed = numberFormat('+.2f');

/** Similarity through depth: a row for each concept, a column for each layer; inside the layer's null band a cell is grey. */
export function LayerBars(props: LayerBarsProps) {
  const { layers, concepts, texts, max, format = signed, selected, onSelect } = props;
  const laid = useMemo(() => layoutLayers(layers, concepts, max), [layers, concepts, max]);
  const cells = props.inside ? judge(laid, props.inside) : laid;
  const [focus, setFocus] = useState({ concept: 0, layer: 0 });
  const table = useRef<HTMLTableElement>(null);
  // The matrix may have shrunk since the focus was set: one cell must stay reachable by Tab.
  const home = {
    concept: Math.min(focus.concept, concepts.length - 1),
    layer: Math.min(focus.layer, layers.length - 1),
  };

  function onKeyDown(event: KeyboardEvent, cell: LayerCell) {
    const next = step(event.key, cell, { concepts: concepts.length, layers: layers.length });
    if (!next) return;
    event.preventDefault();
    setFocus(next);
    table.current?.querySelector<HTMLElement>(`[data-at="${next.concept},${next.layer}"]`)?.focus();
  }

  return (
    <div className={styles.matrix}>
      <table ref={table}>
        <caption className={styles.hidden}>{texts.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.concept}</th>
            {layers.map((layer) => (
              <th key={layer.key} scope="col" aria-label={texts.layer(layer.label)} title={layer.key}>
                {layer.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, concept) => (
            <tr key={concepts[concept]}>
              <th scope="row">{concepts[concept]}</th>
              {row.map((cell) => (
                <td key={layers[cell.layer]?.key}>
                  <button
                    type="button"
                    className={styles.cell}
                    tabIndex={cell.concept === home.concept && cell.layer === home.layer ? 0 : -1}
                    aria-pressed={selected?.layer === cell.layer && selected.concept === cell.concept}
                    data-at={`${cell.concept},${cell.layer}`}
                    data-inside={cell.inside}
                    title={cell.inside ? texts.inside : undefined}
                    style={{ background: tint(cell) }}
                    onClick={() => {
                      setFocus(cell);
                      onSelect?.(cell.layer, cell.concept);
                    }}
                    onKeyDown={(event) => onKeyDown(event, cell)}
                  >
                    {format(cell.value)}
                    {cell.inside && <span className={styles.hidden}> {texts.inside}</span>}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** At most 55% of the hue over the surface: figures stay readable in light and dark. */
function tint({ inside, strength }: LayerCell): string {
  if (inside) return 'var(--null-band, #d9dde2)';
  const hue = strength < 0 ? 'var(--accent-negative, #b0563d)' : 'var(--accent, #2f6fde)';
  return `color-mix(in oklab, ${hue} ${(55 * Math.abs(strength)).toFixed(1)}%, var(--surface, #ffffff))`;
}

function judge(
  rows: readonly (readonly LayerCell[])[],
  isInside: (cell: LayerCell) => boolean,
): readonly (readonly LayerCell[])[] {
  return rows.map((row) =>
    row.map((cell) => (isInside(cell) ? { ...cell, inside: true, strength: 0 } : cell)),
  );
}
