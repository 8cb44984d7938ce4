/** The readers of every layer of a vision tower, for concepts as words: by the text tower, or by means of scenes. */

import { contrastiveMeans } from '../methods/concepts/means.ts';
import { type LayerReader, throughHead, unchanged, vectorsOf } from '../methods/concepts/reader.ts';
import { centreTexts, meanRow } from '../methods/concepts/texts.ts';
import type { VectorKind } from '../protocol/concepts.ts';
import type { Progress } from '../protocol/jobs.ts';
import { Random } from '../world/random.ts';
import { embedConcepts, openContrastive, openTexts } from './contrastive-model.ts';
import { nullTexts, randomWords } from './null-texts.ts';
import { isPooled, openPooled, pooledProbe } from './pooled-model.ts';
import { probeMeans } from './probe.ts';
import type { Cancellation, Runtime } from './runtime.ts';
import { truthOf } from './scene-truth.ts';
import { type SceneSurvey, surveyScenes } from './survey.ts';

/** Scenes that means are made of: their seeds are far from those that anything is measured on. */
export const MEANS_SEED = 9_000_000;
export const MEANS_SCENES = 384;
const SHUFFLED_VECTORS = 60;
const STREAM = 919;

export interface Context {
  readonly runtime: Runtime;
  readonly cancellation: Cancellation;
  report(progress: Progress): void;
}

/** One reader a layer, in order. None for no concepts. */
export async function conceptReaders(
  params: {
    readonly model: string;
    readonly concepts: readonly string[];
    readonly vectors: VectorKind;
    readonly prompt?: string;
    readonly templates?: readonly string[] | undefined;
  },
  context: Context,
): Promise<readonly LayerReader[]> {
  if (params.concepts.length === 0) return [];
  const asked = [...params.concepts, params.prompt ?? ''];
  return params.vectors === 'text'
    ? textReaders(context.runtime, params, asked)
    : meansReaders(params.model, params.concepts, context);
}

async function textReaders(
  runtime: Runtime,
  {
    model: id,
    concepts,
    templates,
  }: Pick<Parameters<typeof conceptReaders>[0], 'model' | 'concepts' | 'templates'>,
  asked: readonly string[],
): Promise<readonly LayerReader[]> {
  const pooled = await isPooled(runtime, id);
  const tower = await openTexts(runtime, id);
  const texts = await nullTexts(runtime, id, templates);
  const own = vectorsOf(centreTexts(await embedConcepts(runtime, tower, concepts, templates), texts.mean));
  const nulls = vectorsOf(randomWords(texts, asked));
  if (pooled) {
    const centres = await pooledProbe(runtime, id);
    const model = await openPooled(runtime, id);
    return model.tower.blocks.map(({ site, block }, layer) => ({
      site,
      block,
      measure: 'cosine',
      carry: unchanged,
      centre: centres[layer]!,
      concepts: own,
      nulls,
    }));
  }
  const model = await openContrastive(runtime, id);
  const means = await probeMeans(runtime, id);
  const { blocks, head } = model.tower;
  return blocks.map(({ site, block }) => ({
    site,
    block,
    measure: 'cosine',
    carry: throughHead(head),
    centre: means.get(site)!,
    concepts: own,
    nulls,
  }));
}

async function meansReaders(
  id: string,
  concepts: readonly string[],
  context: Context,
): Promise<readonly LayerReader[]> {
  const survey = await surveyScenes(
    context.runtime,
    { model: id, seed: MEANS_SEED, scenes: MEANS_SCENES },
    context,
  );
  const shown = labelsOf(survey, concepts);
  const shuffled = shuffledLabels(shown, survey.scenes.length);
  return survey.layers.map(({ site, block, states }) => ({
    site,
    block,
    measure: 'cosine',
    carry: unchanged,
    centre: meanRow(states),
    concepts: vectorsOf(contrastiveMeans(states, shown)),
    nulls: vectorsOf(contrastiveMeans(states, shuffled)),
  }));
}

/** For each concept which scenes show it; null for what the world has no truth of. */
export type Labels = readonly (readonly boolean[] | null)[];

export function labelsOf(survey: Pick<SceneSurvey, 'scenes'>, concepts: readonly string[]): Labels {
  return concepts.map((concept) => {
    const truth = truthOf(concept);
    return truth ? survey.scenes.map(truth) : null;
  });
}

/** Labels as frequent as those of the concepts, on other scenes. */
export function shuffledLabels(shown: Labels, scenes: number): readonly (readonly boolean[])[] {
  const random = new Random(MEANS_SEED, STREAM);
  const known = shown.flatMap((labels) => (labels?.includes(true) ? [labels] : []));
  const usual = Array.from({ length: scenes }, (_, i) => i % 10 === 0);
  return Array.from({ length: SHUFFLED_VECTORS }, (_, i) =>
    random.shuffle(known[i % Math.max(1, known.length)] ?? usual),
  );
}
