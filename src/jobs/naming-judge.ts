/** The model that says how well a picture and a word match. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { type Rgb8, resample } from '../families/contrastive/resample.ts';
import { floats } from '../families/session.ts';
import { VitrineError } from '../protocol/errors.ts';
import { dot, normalise } from '../tensor/statistics.ts';
import { embedConcepts, knowsWord, openTexts } from './contrastive-model.ts';
import type { Runtime } from './runtime.ts';
import { LABEL_CATEGORIES } from './scenes.ts';
import { openVision } from './vision-model.ts';

export interface NamingJudge {
  /** Embeddings of length 1, picture by picture. */
  see(pictures: readonly Rgb8[]): Promise<readonly Float32Array[]>;
}

export async function openJudge(runtime: Runtime, id: string): Promise<NamingJudge> {
  const model = await openVision(runtime, id);
  const { imageSize } = model.config;
  return {
    see: async (pictures) => {
      const views = pictures.map((picture) =>
        picture.width === imageSize && picture.height === imageSize
          ? picture
          : resample(picture, imageSize, imageSize, 'bilinear'),
      );
      const results = await encodePictures(model.vision, model.preprocessing, views, ['image_embeds']);
      const rows = floats(results, 'image_embeds').data;
      const width = rows.length / pictures.length;
      return pictures.map((_, i) => normalise(rows.subarray(i * width, (i + 1) * width)));
    },
  };
}

export interface NamingWords {
  readonly words: readonly string[];
  /** Those that the vocabulary does not hold. */
  readonly unknown: readonly string[];
  /** An embedding's cosine with each word. */
  match(embedding: Float32Array): Float32Array;
}

/** `asked` without any: the labels of the drawn world. Throws `bad-parameter` for fewer than two words that the judge knows. */
export async function openWords(
  runtime: Runtime,
  id: string,
  asked: readonly string[],
): Promise<NamingWords> {
  const tower = await openTexts(runtime, id);
  const all = asked.length > 0 ? [...new Set(asked)] : LABEL_CATEGORIES.flatMap(({ labels }) => labels);
  const words = [...new Set(all)].filter((word) => knowsWord(tower, word));
  if (words.length < 2) {
    throw new VitrineError('bad-parameter', `${id} knows ${words.length} of the words`, {
      name: 'words',
      allowed: 'at least two words of its vocabulary',
    });
  }
  const { dims, data } = await embedConcepts(runtime, tower, words);
  const [, width] = dims;
  return {
    words,
    unknown: [...new Set(all)].filter((word) => !words.includes(word)),
    match: (embedding) =>
      Float32Array.from(words, (_, word) => dot(embedding, data.subarray(word * width, (word + 1) * width))),
  };
}
