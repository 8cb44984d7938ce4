/** Short questions put to a generative model, answered greedily. */

import type { Rgb8 } from '../families/contrastive/resample.ts';
import type { ImageFeatures } from '../families/generative/bridge.ts';
import { generate } from '../families/generative/generate.ts';
import {
  embedSequence,
  embedTokens,
  type GenerativeModel,
  imageFeatures,
  promptOf,
  seeStates,
} from '../jobs/generative-model.ts';
import type { Sampling } from '../protocol/ask.ts';
import { wordsOf } from '../world/vocabulary.ts';

const GREEDY: Sampling = { mode: 'greedy', temperature: 1, topP: 1, seed: 0 };
const LONGEST = 40;

export async function look(model: GenerativeModel, picture: Rgb8): Promise<ImageFeatures> {
  return imageFeatures(model, await seeStates(model, [picture]));
}

/** Image tokens of a picture that shows nothing but an even grey. */
export function lookAtNothing(model: GenerativeModel): Promise<ImageFeatures> {
  const size = model.config.imageSize;
  return look(model, { width: size, height: size, data: new Uint8ClampedArray(3 * size * size).fill(128) });
}

/** The answer's words with single spaces between them. */
export async function ask(model: GenerativeModel, image: ImageFeatures, question: string): Promise<string> {
  const prompt = promptOf(model, question, image);
  const answering = generate({
    session: model.decoderSession,
    decoder: model.decoder,
    prompt: await embedSequence(model, prompt, image),
    forced: [],
    sampling: GREEDY,
    uniform: () => 0,
    endTokens: model.config.endTokens,
    maxTokens: Math.min(LONGEST, model.config.limit - prompt.length),
    edits: () => ({}),
    embed: async (id) => (await embedTokens(model, [id])).data,
  });
  const words: string[] = [];
  for await (const { id } of answering) words.push(model.tokenizer.token(id));
  return spaced(words.join(' '));
}

/** Words and marks, one space between any two. */
export function spaced(text: string): string {
  return wordsOf(text).join(' ');
}
