/** Texts that mean nothing for the image at hand: what every figure is compared with. */

import type { TextEmbeddings } from '../families/contrastive/encode.ts';
import { promptWords } from '../families/prompt.ts';
import { centreTexts, meanRow } from '../methods/concepts/texts.ts';
import { tensor } from '../tensor/tensor.ts';
import { sampleScene } from '../world/scene.ts';
import { VOCABULARY } from '../world/vocabulary.ts';
import { embedConcepts, embedPrompts, openTexts, type TextTower } from './contrastive-model.ts';
import { memo } from './memo.ts';
import type { Runtime } from './runtime.ts';
import { captionOf } from './scenes.ts';

export interface NullTexts {
  readonly words: readonly string[];
  /** One row a word, length 1. */
  readonly embeddings: TextEmbeddings;
  /** The mean text that all texts are centred by. */
  readonly mean: Float32Array;
  /** Captions of held-out scenes, length 1. */
  readonly captions: TextEmbeddings;
}

/** Seeds far from those of galleries and data sets. */
const FIRST_CAPTION_SEED = 7_000_000;
const CAPTIONS = 96;
/** Fewer random words than this give no band: the words asked about are then let in. */
const LEAST_WORDS = 20;

/** Random words are put into the same sentences as the concepts that they are compared with. */
export function nullTexts(runtime: Runtime, id: string, templates?: readonly string[]): Promise<NullTexts> {
  return kept(runtime, [id, ...(templates ?? [])].join('\n'));
}

/** Keyed by the model and its templates, on a line each; none are the usual ones. */
const kept = memo(async (runtime: Runtime, key: string): Promise<NullTexts> => {
  const [id = '', ...templates] = key.split('\n');
  const model = await openTexts(runtime, id);
  const own = templates.length > 0 ? templates : undefined;
  const embeddings = await embedConcepts(runtime, model, VOCABULARY, own);
  const seeds = Array.from({ length: CAPTIONS }, (_, i) => FIRST_CAPTION_SEED + i);
  return {
    words: VOCABULARY,
    embeddings,
    mean: meanRow(embeddings),
    captions: await embedPrompts(
      runtime,
      model,
      seeds.map((seed) => captionOf(sampleScene(seed))),
    ),
  };
});

/** The vocabulary without the words that are being asked about, centred: a band must not hold what it is to judge. */
export function randomWords(texts: NullTexts, asked: readonly string[]): TextEmbeddings {
  const taken = new Set(asked.flatMap(promptWords).map((word) => word.toLowerCase()));
  const free = texts.words.map((word, index) => ({ word, index })).filter(({ word }) => !taken.has(word));
  const chosen = free.length >= LEAST_WORDS ? free : texts.words.map((word, index) => ({ word, index }));
  const [, width] = texts.embeddings.dims;
  const data = new Float32Array(chosen.length * width);
  chosen.forEach(({ index }, to) => {
    data.set(texts.embeddings.data.subarray(index * width, (index + 1) * width), to * width);
  });
  return centreTexts(tensor(['text', 'embedding'], [chosen.length, width], data), texts.mean);
}

/** Concepts, centred by the mean text. */
export async function centredConcepts(
  runtime: Runtime,
  model: TextTower,
  concepts: readonly string[],
  texts: NullTexts,
): Promise<TextEmbeddings> {
  return centreTexts(await embedConcepts(runtime, model, concepts), texts.mean);
}
