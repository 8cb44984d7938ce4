/**
 * Resizing of 8-bit pictures as Pillow does it, which is what image processors of the Hub are trained with: separable, the
 * filter widened by the reduction factor (antialiased), horizontal pass first, rounded to 8 bits after each pass.
 * Pixel centres lie at half integers.
 */

import type { Pixels } from '../../protocol/image.ts';

/** Pillow's numbers of the filters, as `preprocessor_config.json` has them under `resample`. */
export type Filter = 'bilinear' | 'bicubic' | 'lanczos';

const SUPPORT = { bilinear: 1, bicubic: 2, lanczos: 3 } as const satisfies Record<Filter, number>;

/** An RGB picture, row-major, 3 bytes a pixel. */
export interface Rgb8 {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Straight alpha laid on white. */
export function compositeOnWhite(pixels: Pixels): Rgb8 {
  const { width, height } = pixels;
  const data = new Uint8ClampedArray(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const alpha = pixels.data[i * 4 + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      data[i * 3 + channel] = pixels.data[i * 4 + channel]! * alpha + 255 * (1 - alpha);
    }
  }
  return { width, height, data };
}

/** A picture of `width` x `height`; the very same picture when it has that size already. */
export function resample(picture: Rgb8, width: number, height: number, filter: Filter): Rgb8 {
  if (picture.width === width && picture.height === height) return picture;
  const rows = resampleRows(picture, width, filter);
  return transpose(resampleRows(transpose(rows), height, filter));
}

function resampleRows({ width, height, data }: Rgb8, target: number, filter: Filter): Rgb8 {
  if (width === target) return { width, height, data };
  const taps = filterTaps(width, target, filter);
  const result = new Uint8ClampedArray(target * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < target; x++) {
      const { first, weights } = taps[x]!;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < weights.length; k++) {
        const at = (y * width + first + k) * 3;
        red += weights[k]! * data[at]!;
        green += weights[k]! * data[at + 1]!;
        blue += weights[k]! * data[at + 2]!;
      }
      const to = (y * target + x) * 3;
      result[to] = Math.floor(red / ONE + 0.5);
      result[to + 1] = Math.floor(green / ONE + 0.5);
      result[to + 2] = Math.floor(blue / ONE + 0.5);
    }
  }
  return { width: target, height, data: result };
}

/** Pillow's weights are integers over 2^22, which decides ties. */
const ONE = 4194304;

interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function filterTaps(size: number, target: number, filter: Filter): readonly Taps[] {
  const scale = size / target;
  const widen = Math.max(scale, 1);
  const support = SUPPORT[filter] * widen;
  return Array.from({ length: target }, (_, x) => {
    const centre = (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(size, Math.trunc(centre + support + 0.5));
    const weights = new Float64Array(end - first);
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = kernel((first + k - centre + 0.5) / widen, filter);
      weights[k] = weight;
      sum += weight;
    }
    return { first, weights: weights.map((weight) => Math.round((weight / sum) * ONE)) };
  });
}

/** The triangle, Keys' cubic with a = -0.5, or a sinc under a wider one. */
function kernel(offset: number, filter: Filter): number {
  const x = Math.abs(offset);
  if (filter === 'bilinear') return x < 1 ? 1 - x : 0;
  if (filter === 'lanczos') return x < 3 ? sinc(x) * sinc(x / 3) : 0;
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function transpose({ width, height, data }: Rgb8): Rgb8 {
  const result = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (x * height + y) * 3;
      result[to] = data[from]!;
      result[to + 1] = data[from + 1]!;
      result[to + 2] = data[from + 2]!;
    }
  }
  return { width: height, height: width, data: result };
}
