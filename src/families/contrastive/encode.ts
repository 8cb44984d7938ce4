/** Texts and pictures into the joint space. */

import type { PromptReading } from '../../protocol/jobs.ts';
import { stack } from '../../tensor/stack.ts';
import { normalise } from '../../tensor/statistics.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FloatValue, floats, type Session, type Value } from '../session.ts';
import { type Preprocessing, writePlanes } from './preprocess.ts';
import type { Rgb8 } from './resample.ts';

/** One row a text, length 1. */
export type TextEmbeddings = Tensor<readonly ['text', 'embedding']>;

const TEXT_BATCH = 64;

/**
 * Embeds texts, each row L2-normalised. Padding is cut to the longest of a batch: a causal tower pooled at its end token does
 * not see it. `padded` keeps all of it, for a tower pooled at its last position. `pause` is awaited between batches.
 */
export async function encodeTexts(
  text: Session,
  readings: readonly PromptReading[],
  pause: () => Promise<void>,
  { padded = false } = {},
): Promise<TextEmbeddings> {
  const rows: Float32Array[] = [];
  for (let start = 0; start < readings.length; start += TEXT_BATCH) {
    const batch = readings.slice(start, start + TEXT_BATCH);
    const length = Math.max(
      ...batch.map((reading) => (padded ? reading.tokens.length : usedLength(reading))),
    );
    const ids = batch.flatMap(({ tokens }) => tokens.slice(0, length).map(({ id }) => BigInt(id)));
    const results = await text.run(
      { input_ids: { type: 'int64', dims: [batch.length, length], data: BigInt64Array.from(ids) } },
      ['text_embeds'],
    );
    const { data } = floats(results, 'text_embeds');
    const width = data.length / batch.length;
    batch.forEach((_, index) => {
      rows.push(normalise(data.subarray(index * width, (index + 1) * width)));
    });
    await pause();
  }
  return stack(['text', 'embedding'], rows);
}

/** Tokens up to the end token: the last that is part of a word, and one more. */
function usedLength({ tokens }: PromptReading): number {
  return tokens.findLastIndex(({ special }) => !special) + 2;
}

/** Runs the vision model on pictures of its own size and fetches the named outputs. */
export function encodePictures(
  vision: Session,
  rules: Preprocessing,
  pictures: readonly Rgb8[],
  fetch: readonly string[],
): Promise<Readonly<Record<string, Value>>> {
  return vision.run({ pixel_values: pixelPlanes(rules, pictures) }, fetch);
}

/** Pictures of one size as [image, channel, y, x], normalised. */
export function pixelPlanes(rules: Preprocessing, pictures: readonly Rgb8[]): FloatValue {
  const { width, height } = pictures[0] ?? { width: 0, height: 0 };
  const size = 3 * width * height;
  const data = new Float32Array(pictures.length * size);
  pictures.forEach((picture, index) => {
    if (picture.width !== width || picture.height !== height)
      throw new RangeError('pictures of different sizes');
    writePlanes(picture, rules, data, index * size);
  });
  return { type: 'float32', dims: [pictures.length, 3, height, width], data };
}
