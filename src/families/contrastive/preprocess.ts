/** From a picture to what a vision model takes, as its `preprocessor_config.json` says. */

import { VitrineError } from '../../protocol/errors.ts';
import type { Pixels } from '../../protocol/image.ts';
import { compositeOnWhite, type Filter, type Rgb8, resample } from './resample.ts';

export interface Preprocessing {
  /** The size the shorter side is brought to, or both sides; null keeps the picture's. */
  readonly resize: { readonly shortest: number } | { readonly width: number; readonly height: number } | null;
  readonly filter: Filter;
  readonly crop: { readonly width: number; readonly height: number } | null;
  readonly rescale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Planes are blue, green, red, as in models that come from Caffe; mean and deviation are in that order too. */
  readonly flip: boolean;
}

const FILTERS: Readonly<Record<number, Filter>> = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };

/** Reads `preprocessor_config.json`, CLIP's defaults for absent fields. Throws `model-corrupt` naming what is not supported. */
export function readPreprocessing(json: unknown): Preprocessing {
  const fields = record(json, 'preprocessor_config');
  const resampleCode = fields.resample ?? 3;
  const filter = typeof resampleCode === 'number' ? FILTERS[resampleCode] : undefined;
  if (!filter) throw corrupt(`resample ${String(resampleCode)}`);
  const size = fields.do_resize === false ? undefined : fields.size;
  const crop = fields.do_center_crop === false ? undefined : fields.crop_size;
  const normalised = fields.do_normalize !== false;
  return {
    resize: size === undefined ? null : readSize(size),
    filter,
    crop: crop === undefined ? null : readSides(crop, 'crop_size'),
    rescale: fields.do_rescale === false ? 1 : positive(fields.rescale_factor ?? 1 / 255, 'rescale_factor'),
    mean: normalised ? triple(fields.image_mean, 'image_mean') : [0, 0, 0],
    std: normalised ? triple(fields.image_std, 'image_std') : [1, 1, 1],
    flip: fields.do_flip_channel_order === true,
  };
}

/** The picture as the model sees it: composited on white, resized, cropped at the centre. */
export function modelView(pixels: Pixels, rules: Preprocessing): Rgb8 {
  let picture = compositeOnWhite(pixels);
  if (rules.resize) {
    const { width, height } =
      'shortest' in rules.resize ? fitShortest(picture, rules.resize.shortest) : rules.resize;
    picture = resample(picture, width, height, rules.filter);
  }
  return rules.crop ? centreCrop(picture, rules.crop.width, rules.crop.height) : picture;
}

/** Writes [channel, y, x], normalised, into `target` from `offset` on. */
export function writePlanes(picture: Rgb8, rules: Preprocessing, target: Float32Array, offset: number): void {
  const plane = picture.width * picture.height;
  for (let channel = 0; channel < 3; channel++) {
    const mean = rules.mean[channel]!;
    const std = rules.std[channel]!;
    const from = rules.flip ? 2 - channel : channel;
    for (let i = 0; i < plane; i++) {
      target[offset + channel * plane + i] = (picture.data[i * 3 + from]! * rules.rescale - mean) / std;
    }
  }
}

/** The model's view as opaque pixels, for showing: every map lies on exactly this picture. */
export function toPixels({ width, height, data }: Rgb8): Pixels {
  const result = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    result[i * 4] = data[i * 3]!;
    result[i * 4 + 1] = data[i * 3 + 1]!;
    result[i * 4 + 2] = data[i * 3 + 2]!;
    result[i * 4 + 3] = 255;
  }
  return { width, height, data: result };
}

/** Longest side of a resized picture, in shortest sides: beyond it a strip of pixels would fill the memory. */
const MOST_STRETCH = 64;

function fitShortest({ width, height }: Rgb8, shortest: number): { width: number; height: number } {
  if (Math.max(width, height) > MOST_STRETCH * Math.min(width, height)) {
    throw new VitrineError('bad-image', `a picture of ${width} x ${height} is too narrow`, { width, height });
  }
  // The longer side is cut down to an integer, as in the Hub's processors.
  return width <= height
    ? { width: shortest, height: Math.trunc((shortest * height) / width) }
    : { width: Math.trunc((shortest * width) / height), height: shortest };
}

function centreCrop(picture: Rgb8, width: number, height: number): Rgb8 {
  if (picture.width === width && picture.height === height) return picture;
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sourceX = x + left;
      const sourceY = y + top;
      // What lies outside of a picture smaller than the crop stays black.
      if (sourceX < 0 || sourceY < 0 || sourceX >= picture.width || sourceY >= picture.height) continue;
      const from = (sourceY * picture.width + sourceX) * 3;
      data.set(picture.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

type Fields = Readonly<Record<string, unknown>>;

function readSize(value: unknown): NonNullable<Preprocessing['resize']> {
  if (typeof value === 'number') return { shortest: positive(value, 'size') };
  const shortest = record(value, 'size').shortest_edge;
  return shortest === undefined
    ? readSides(value, 'size')
    : { shortest: positive(shortest, 'size.shortest_edge') };
}

function readSides(value: unknown, name: string): { width: number; height: number } {
  if (typeof value === 'number') return { width: positive(value, name), height: value };
  const { width, height } = record(value, name);
  return { width: positive(width, `${name}.width`), height: positive(height, `${name}.height`) };
}

function record(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null) throw corrupt(name);
  return value as Fields;
}

function positive(value: unknown, name: string): number {
  if (typeof value !== 'number' || !(value > 0 && value < 1e5)) throw corrupt(`${name} ${String(value)}`);
  return value;
}

function triple(value: unknown, name: string): readonly number[] {
  if (!Array.isArray(value) || value.length !== 3) throw corrupt(name);
  return value.map((entry: unknown) => {
    if (typeof entry !== 'number' || !Number.isFinite(entry)) throw corrupt(name);
    return entry;
  });
}

function corrupt(what: string): VitrineError {
  return new VitrineError('model-corrupt', `preprocessor_config: ${what}`, { file: 'preprocessor_config' });
}
