/**
 * Pictures that a model takes in parts, as Idefics3 and SmolVLM: brought to a number of squares of the vision model's size, cut
 * into them row by row, and the whole once more, reduced to one square. Sizes as transformers' own processor has them.
 */

import { VitrineError } from '../../protocol/errors.ts';
import type { Preprocessing } from '../contrastive/preprocess.ts';
import { type Rgb8, resample } from '../contrastive/resample.ts';

/** Rows and columns of parts; 0 of both for a picture that is only seen as a whole. */
export interface Parts {
  readonly rows: number;
  readonly columns: number;
}

export interface PartRules {
  /** Side of a part and of the whole, in pixels. */
  readonly side: number;
  /** What the longer side is brought to before it is cut. */
  readonly edge: number;
  readonly cut: boolean;
}

/** Null for the preparation of a model that takes pictures as they are. Throws `model-corrupt` naming what is wrong. */
export function readPartRules(json: unknown): PartRules | null {
  const side = longest(json, 'max_image_size');
  if (side === undefined) return null;
  const edge = longest(json, 'size') ?? side;
  if (!(side >= 1 && side < 1e4 && edge >= side && edge <= 64 * side)) {
    const what = `preprocessor_config: parts of ${side} in ${edge}`;
    throw new VitrineError('model-corrupt', what, { file: 'preprocessor_config' });
  }
  return { side, edge, cut: property(json, 'do_image_splitting') !== false };
}

/** The same with at most so many parts along the longer side. */
export function atMost(rules: PartRules, parts: number): PartRules {
  return { ...rules, edge: Math.min(rules.edge, parts * rules.side) };
}

export function partsOf(picture: Pick<Rgb8, 'width' | 'height'>, { side, edge, cut }: PartRules): Parts {
  if (!cut || edge === side) return { rows: 0, columns: 0 };
  const [width, height] = enlarged(picture, edge);
  // The longer side is filled; the shorter one is stretched to whole parts.
  const [columns, rows] =
    width >= height
      ? [Math.ceil(width / side), Math.ceil(Math.floor(filled(width, side) * (height / width)) / side)]
      : [Math.ceil(Math.floor(filled(height, side) * (width / height)) / side), Math.ceil(height / side)];
  return { rows, columns };
}

/** The squares that the model sees: parts in reading order, then the whole. */
export function cutIntoParts(picture: Rgb8, rules: PartRules, { filter }: Preprocessing): readonly Rgb8[] {
  const { side, edge } = rules;
  const { rows, columns } = partsOf(picture, rules);
  const [width, height] = enlarged(picture, edge);
  const large = resample(picture, width, height, filter);
  if (rows === 0) return [resample(large, side, side, filter)];
  const fitted = resample(large, columns * side, rows * side, filter);
  const parts = Array.from({ length: rows * columns }, (_, part) =>
    square(fitted, (part % columns) * side, Math.floor(part / columns) * side, side),
  );
  return [...parts, resample(fitted, side, side, filter)];
}

/** Squares that a picture becomes. */
export function squareCount({ rows, columns }: Parts): number {
  return rows * columns + 1;
}

/**
 * By place of the whole's `grid` x `grid` tokens, in reading order: every token that shows that place, the whole's own first.
 * `grid` is also that of each part.
 */
export function placeTokens(parts: Parts, grid: number): readonly (readonly number[])[] {
  const { rows, columns } = parts;
  const whole = rows * columns * grid * grid;
  return Array.from({ length: grid * grid }, (_, place) => {
    const [top, left] = [Math.floor(place / grid) * rows, (place % grid) * columns];
    const finer = Array.from({ length: rows * columns }, (_, i) => {
      const [y, x] = [top + Math.floor(i / columns), left + (i % columns)];
      const part = Math.floor(y / grid) * columns + Math.floor(x / grid);
      return part * grid * grid + (y % grid) * grid + (x % grid);
    });
    return [whole + place, ...finer];
  });
}

const AROUND = '<fake_token_around_image>';

/** A picture's place in a prompt, one placeholder for each square; `placeholder` itself for models that mark nothing else. */
export function partsText(parts: Parts, placeholder: string, known: (token: string) => boolean): string {
  const { rows, columns } = parts;
  if (!known(AROUND)) return placeholder.repeat(squareCount(parts));
  const whole = `${AROUND}<global-img>${placeholder}${AROUND}`;
  if (rows === 0) return whole;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(
      { length: columns },
      (_, column) => `${AROUND}<row_${row + 1}_col_${column + 1}>${placeholder}`,
    ).join(''),
  );
  return `${lines.join('\n')}\n\n${whole}`;
}

/** The longer side brought to `edge`, the shorter one cut down to an integer and made even. */
function enlarged(
  { width, height }: Pick<Rgb8, 'width' | 'height'>,
  edge: number,
): readonly [number, number] {
  const even = (size: number): number => Math.max(1, size + (size % 2));
  return width >= height
    ? [edge, even(Math.trunc(edge / (width / height)))]
    : [even(Math.trunc(edge * (width / height))), edge];
}

function filled(size: number, side: number): number {
  return Math.ceil(size / side) * side;
}

function square({ width, data }: Rgb8, left: number, top: number, side: number): Rgb8 {
  const part = new Uint8ClampedArray(side * side * 3);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * 3;
    part.set(data.subarray(from, from + side * 3), y * side * 3);
  }
  return { width: side, height: side, data: part };
}

function longest(json: unknown, name: string): number | undefined {
  const edge = property(property(json, name), 'longest_edge');
  return typeof edge === 'number' ? edge : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
