/** A pair of towers as the evaluation uses it: pictures and texts into the joint space, whatever the vision tower is. */

import { encodePictures, encodeTexts, type TextEmbeddings } from '../../../families/contrastive/encode.ts';
import type { Rgb8 } from '../../../families/contrastive/resample.ts';
import { readPrompt, readTokenRules } from '../../../families/prompt.ts';
import { floats } from '../../../families/session.ts';
import { openPlain } from '../../../jobs/open.ts';
import type { Runtime } from '../../../jobs/runtime.ts';
import { openVision } from '../../../jobs/vision-model.ts';
import { row } from '../../../methods/concepts/texts.ts';
import { cosine } from '../../../tensor/statistics.ts';

export interface Pair {
  readonly size: number;
  see(pictures: readonly Rgb8[]): Promise<readonly Float32Array[]>;
  read(texts: readonly string[]): Promise<TextEmbeddings>;
}

const BATCH = 16;

export async function openPair(runtime: Runtime, id: string): Promise<Pair> {
  const model = await openVision(runtime, id);
  const tokenizer = await runtime.tokenizer(id);
  const rules = readTokenRules(await runtime.json(id, 'tokenizer_config'), tokenizer);
  const text = await openPlain(runtime, id, 'text_model');
  return {
    size: model.config.imageSize,
    see: async (pictures) => {
      const rows: Float32Array[] = [];
      for (let first = 0; first < pictures.length; first += BATCH) {
        const batch = pictures.slice(first, first + BATCH);
        const output = 'image_embeds';
        const { data } = floats(
          await encodePictures(model.vision, model.preprocessing, batch, [output]),
          output,
        );
        const width = data.length / batch.length;
        batch.forEach((_, i) => {
          rows.push(data.slice(i * width, (i + 1) * width));
        });
      }
      return rows;
    },
    read: (texts) =>
      encodeTexts(
        text,
        texts.map((prompt) => readPrompt(prompt, tokenizer, rules)),
        () => runtime.pause(),
      ),
  };
}

/** The index of the text that lies nearest to a picture. */
export function nearestText(picture: Float32Array, texts: TextEmbeddings): number {
  const [count] = texts.dims;
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = cosine(picture, row(texts, i));
    if (value > most) [best, most] = [i, value];
  }
  return best;
}
