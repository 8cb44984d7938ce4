import type { Grid } from '../tensor/tensor.ts';
import { toCsv } from './csv.ts';
import { type Settings, toJson } from './settings.ts';

/** One map that leaves, as the heatmap of a word. */
export interface ExportHeat {
  readonly label: string;
  readonly grid: Grid;
}

/** Long form, maps one after the other: map, row, column (from 0, top left), value. float32 values are written in full. */
export function heatCsv(heats: readonly ExportHeat[], unit: string): string {
  return toCsv(
    ['map', 'row', 'column', unit],
    heats.flatMap(({ label, grid }) =>
      Array.from(grid.data, (value, i) => {
        const width = grid.dims[1];
        return [label, Math.floor(i / width), i % width, value];
      }),
    ),
  );
}

/** Each map as rows of values, top first. `baseline` is the value that means nothing, as 1 / tokens. */
export function heatJson(
  heats: readonly ExportHeat[],
  unit: string,
  baseline: number | null,
  settings: Settings,
): string {
  const maps = heats.map(({ label, grid }) => {
    const [height, width] = grid.dims;
    const values = Array.from({ length: height }, (_, y) => [
      ...grid.data.subarray(y * width, (y + 1) * width),
    ]);
    return { label, height, width, values };
  });
  return toJson(settings, { unit, baseline, maps });
}
