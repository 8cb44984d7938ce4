import { daam } from '../methods/attention/daam.ts';
import type { Pixels } from '../protocol/image.ts';
import type { Drawing } from '../protocol/steer.ts';
import { resize } from '../tensor/resize.ts';
import { type Grid, grid } from '../tensor/tensor.ts';
import { HEAT_SIDE } from './heat.ts';
import { type Chip, chipsOf } from './words.ts';

/** A word's heatmap on both pictures, on one scale. */
export interface PairHeats {
  /** Absent where the first prompt does not have the word. */
  readonly first: Grid | undefined;
  readonly second: Grid | undefined;
  readonly max: number;
  /** 1 / tokens of the second prompt's model. */
  readonly uniform: number;
}

/** The scale reaches at least this many times the uniform share. */
const LEAST_SCALE = 3;

/**
 * Recipe `daam` of a chip of the second prompt, and of the word that stands for it in the first: the same word, or else the
 * one in its place when both prompts are equally long.
 */
export function drawingHeats(first: Drawing, second: Drawing, chip: Chip): PairHeats {
  const chips = chipsOf(first.reading).filter(({ special }) => special === undefined);
  const index = second.reading.words.findIndex(({ positions }) => positions[0] === chip.positions[0]);
  const inPlace = first.reading.words.length === second.reading.words.length ? chips[index] : undefined;
  const counterpart = chips.find(({ key }) => key === chip.key) ?? inPlace;
  const map = (drawing: Drawing, positions: readonly number[] | undefined): Grid | undefined =>
    positions && positions.length > 0
      ? daam(drawing.attention, positions, HEAT_SIDE, HEAT_SIDE).map
      : undefined;
  const maps = [map(first, counterpart?.positions), map(second, chip.positions)] as const;
  const uniform = 1 / (second.attention[0]?.pattern.dims[3] ?? 1);
  const peak = Math.max(...maps.flatMap((found) => (found ? [largest(found)] : [0])));
  return { first: maps[0], second: maps[1], max: Math.max(LEAST_SCALE * uniform, peak), uniform };
}

/** Second minus first: of the given maps, else of the pictures' lightness (mean of the channels, -1 to 1). */
export function differenceOf(
  first: Drawing,
  second: Drawing,
  maps?: PairHeats,
): { readonly map: Grid; readonly max: number } {
  const [a, b] =
    maps?.first && maps.second
      ? [maps.first, maps.second]
      : [lightness(first.image), lightness(second.image)];
  const [height, width] = a.dims;
  // Another model may draw at another size: its picture is brought to the first one's.
  const same = b.dims[0] === height && b.dims[1] === width;
  const other = same ? b : resize(b, height, width, 'bilinear');
  const map = grid(
    height,
    width,
    other.data.map((value, at) => value - a.data[at]!),
  );
  const most = map.data.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
  return { map, max: Math.max(most, 1e-3) };
}

function lightness({ width, height, data }: Pixels): Grid {
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at += 1) {
    values[at] = (data[4 * at]! + data[4 * at + 1]! + data[4 * at + 2]!) / 765;
  }
  return grid(height, width, values);
}

function largest({ data }: Grid): number {
  return data.reduce((most, value) => Math.max(most, value), 0);
}
