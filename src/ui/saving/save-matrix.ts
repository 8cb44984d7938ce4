import { type LayerRow, layoutLayers } from '../../charts/layers.ts';
import { matrixSvg } from '../../exports/matrix-svg.ts';

/** A matrix of concepts by layers as the page shows it, for `saveTable`. */
export function layersSvg(
  title: string,
  layers: readonly LayerRow[],
  concepts: readonly string[],
  options: {
    readonly format: (value: number) => string;
    readonly max?: number;
    readonly inside?: (layer: number, concept: number) => boolean;
  },
): (settings: string) => string {
  const { format, max, inside } = options;
  const rows = layoutLayers(layers, concepts, max).map((cells, concept) => ({
    label: concepts[concept]!,
    cells: cells.map((cell) => ({
      text: format(cell.value),
      strength: cell.strength,
      inside: inside?.(cell.layer, concept) ?? cell.inside,
    })),
  }));
  return (settings) => matrixSvg({ title, columns: layers.map(({ label }) => label), rows }, settings);
}
