/** What running a vision model needs to know of its input: from its config, or else from its own graph. */

import { readAttributes } from '../onnx/attributes.ts';
import type { ModelIndex } from '../onnx/model-index.ts';
import type { ValueInfo } from '../onnx/value-info.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Preprocessing } from './contrastive/preprocess.ts';
import type { PictureInput } from './picture-session.ts';

export interface VisionConfig {
  /** Height and width of the input, in pixels. */
  readonly imageSize: number;
  /** Height and width of the grid of patches; 0 for models that have none. */
  readonly grid: number;
}

/**
 * Sizes as `config.json` states them (`vision_config` of a pair of towers, or the top level), else as the graph's own input
 * does, else as pictures are prepared. Throws `model-corrupt` when nothing says.
 */
export function readVisionConfig(json: unknown, model: ModelIndex, rules: Preprocessing): VisionConfig {
  const fields = record(record(json).vision_config ?? json);
  const imageSize =
    size(fields.image_size) ??
    size(pictureInput(model).size) ??
    (rules.crop?.width || (rules.resize && 'width' in rules.resize ? rules.resize.width : undefined));
  if (imageSize === undefined) {
    throw new VitrineError('model-corrupt', 'neither config nor graph says how large pictures are', {
      file: 'config',
    });
  }
  // Configs leave out what is as their class has it, so a model of 16-pixel patches may not say so.
  const patch = size(fields.patch_size) ?? patchSide(model);
  return { imageSize, grid: patch === undefined ? 0 : Math.floor(imageSize / patch) };
}

/** Side of the patches that the picture is cut into by a convolution whose windows touch; undefined for towers without one. */
function patchSide(model: ModelIndex): number | undefined {
  const { name } = pictureInput(model);
  let value = name;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const readers = model.consumers.get(value) ?? [];
    const conv = readers.find(({ opType }) => opType === 'Conv');
    if (conv) {
      const [, channels, height, width] = model.initializers.get(conv.inputs[1] ?? '')?.dims ?? [];
      const strides = readAttributes(model.bytes, conv).get('strides')?.ints ?? [];
      const touching =
        height === width && strides.every((stride) => stride === height) && strides.length === 2;
      return channels === 3 && touching && Number(height) > 1 ? Number(height) : undefined;
    }
    const cast = readers.find(({ opType }) => opType === 'Cast');
    if (!cast?.outputs[0]) return undefined;
    value = cast.outputs[0];
  }
  return undefined;
}

/** Casts between the picture and its convolution: quantised exports have one or two. */
const MOST_STEPS = 4;

const SEVERAL: ReadonlySet<string> = new Set(['pixel_values', 'pixel_attention_mask']);

/** The one input of a graph that takes pictures, [batch, 3, y, x], or several a row with their mask. Throws `unsupported` when there is none or more. */
export function pictureInput(model: ModelIndex): PictureInput & { readonly size: number | undefined } {
  const free = model.inputs.filter(({ name }) => !model.initializers.has(name));
  const row = free.find(({ name, dims }) => name === 'pixel_values' && dims?.length === 5);
  if (row && free.every(({ name }) => SEVERAL.has(name))) {
    return { name: row.name, batch: null, several: true, size: side(row.dims?.slice(-2)) };
  }
  const found = free.filter(
    ({ dims }) => dims?.length === 4 && (typeof dims[1] !== 'number' || dims[1] === 3),
  );
  // Old exporters leave shapes out; a single input is then the picture.
  const input = found.length === 1 ? found[0] : free.length === 1 && !free[0]?.dims ? free[0] : undefined;
  if (!input) {
    const named = free.map(({ name }) => name).join(', ');
    throw new VitrineError('unsupported', `no picture goes into this file: its inputs are ${named}`, {
      what: named,
    });
  }
  const [batch] = input.dims ?? [];
  return {
    name: input.name,
    batch: typeof batch === 'number' && batch > 0 ? batch : null,
    size: side(input.dims?.slice(-2)),
  };
}

/** Of a square whose size the graph states. */
function side([height, width]: ValueInfo['dims'] & {} = []): number | undefined {
  return typeof height === 'number' && height === width && height > 0 ? height : undefined;
}

function size(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 1e5 ? value : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
