/** A contrastive model that says how likely a thing's name is for a picture, among the names of its kind. */

import { readLogits } from '../families/contrastive/config.ts';
import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { floats } from '../families/session.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { embedConcepts, knowsWord, openTexts } from './contrastive-model.ts';
import type { Runtime } from './runtime.ts';
import { LABEL_CATEGORIES } from './scenes.ts';
import { visionCard, visionSession } from './vision-model.ts';

export interface Recogniser {
  /** The concept's own name first. */
  readonly names: readonly string[];
  /** Probability of each name. */
  recognise(picture: Pixels): Promise<readonly number[]>;
}

/** `labels` are those of some ordinary scenes. Throws `bad-parameter` for a concept that the model has no word for. */
export async function openRecogniser(
  runtime: Runtime,
  model: string,
  concept: string,
  labels: readonly ReadonlySet<string>[],
): Promise<Recogniser> {
  const names = await openNames(runtime, { model, concept }, labels);
  const card = await visionCard(runtime, model);
  const session = await visionSession(runtime, card);
  return {
    names: names.list,
    recognise: async (picture) => {
      const view = modelView(picture, card.preprocessing);
      const outputs = await encodePictures(session, card.preprocessing, [view], ['image_embeds']);
      return zeroShot(floats(outputs, 'image_embeds').data, names.texts, names.logitScale).probability;
    },
  };
}

/**
 * The names that a concept competes with, itself first: labels of its category that the model's vocabulary holds, without those that
 * half of the scenes show (sky, ground), which no scene is about. Throws `bad-parameter` for a concept that the model has no word for.
 */
export async function openNames(
  runtime: Runtime,
  { model, concept }: { readonly model: string; readonly concept: string },
  labels: readonly ReadonlySet<string>[],
) {
  const tower = await openTexts(runtime, model);
  if (!knowsWord(tower, concept)) {
    throw new VitrineError('bad-parameter', `${model} has no word for ${concept}`, {
      name: 'concept',
      allowed: "a word of the model's vocabulary",
    });
  }
  const kind = LABEL_CATEGORIES.find((category) => category.labels.includes(concept))?.labels ?? [];
  const common = (name: string) => labels.filter((shown) => shown.has(name)).length > labels.length / 2;
  const others = kind.filter((name) => name !== concept && !common(name) && knowsWord(tower, name));
  const list = [concept, ...others];
  const { logitScale } = readLogits(await runtime.json(model, 'config'));
  return { list, logitScale, texts: await embedConcepts(runtime, tower, list) };
}
