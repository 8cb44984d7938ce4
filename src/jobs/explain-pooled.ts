/** What a model that pools its patches by attention (SigLIP) sees in one image: scores, layers, patches by word. */

import { poolAttention } from '../families/contrastive/pooled.ts';
import { modelView, toPixels } from '../families/contrastive/preprocess.ts';
import { promptCautions, readPrompt } from '../families/prompt.ts';
import { floats } from '../families/session.ts';
import { nullBand } from '../methods/concepts/band.ts';
import { type PooledImage, pooledRelevance } from '../methods/concepts/pooled-relevance.ts';
import { readLayer } from '../methods/concepts/reader.ts';
import { row } from '../methods/concepts/texts.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import type { ConceptScore, WordRelevance } from '../protocol/jobs.ts';
import { cosine, norm } from '../tensor/statistics.ts';
import { conceptReaders } from './concept-readers.ts';
import { embedConcepts, embedPrompts } from './contrastive-model.ts';
import { sourcePixels } from './explain.ts';
import { centredConcepts, nullTexts, randomWords } from './null-texts.ts';
import { openPooled, type PooledModel, seePooled } from './pooled-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';

export const explainPooled: Job<'explain'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  const model = await openPooled(runtime, params.model);
  const { tower, config, tokenizer, rules } = model;
  const reading = readPrompt(params.prompt, tokenizer, rules);
  const watch = new Stopwatch(runtime, 4);
  const step = async (): Promise<void> => {
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  };
  const texts = await nullTexts(runtime, params.model, params.templates);
  await step();
  const view = modelView(sourcePixels(params.image, config.imageSize), model.preprocessing);
  const { outputs, layers } = await seePooled(model, view, [
    'image_embeds',
    tower.pool.pattern,
    tower.pool.value,
  ]);
  const embedding = floats(outputs, 'image_embeds').data;
  await step();
  const { concepts } = params;
  const embedded =
    concepts.length > 0 ? await embedConcepts(runtime, model, concepts, params.templates) : null;
  const nulls = randomWords(texts, [...concepts, params.prompt]);
  const readers = await conceptReaders(params, context);
  await step();
  const image: PooledImage = {
    ...poolAttention(tower, outputs),
    gridHeight: config.grid,
    gridWidth: config.grid,
    without: new Set(
      params.without.filter(({ layer }) => layer === tower.blocks.length).map(({ head }) => head),
    ),
    scale: config.logitScale / norm(embedding),
  };
  const band = nullBand(
    Array.from({ length: nulls.dims[0] }, (_, i) => [...pooledRelevance(image, row(nulls, i)).data]).flat(),
  );
  const words = reading.words.map(({ text }) => text);
  const own = words.length > 0 ? await centredConcepts(runtime, model, words, texts) : null;
  const prompt = await embedPrompts(runtime, model, [params.prompt]);
  await step();
  return {
    reading,
    image: toPixels(view),
    scores: embedded ? scores(model, embedding, concepts, embedded) : [],
    layers: readers.map((reader, layer) => readLayer(reader, layers[layer]!)),
    relevance: own
      ? reading.words.map(
          (word, index): WordRelevance => ({ word, patches: pooledRelevance(image, row(own, index)), band }),
        )
      : [],
    promptCosine: cosine(embedding, row(prompt, 0)),
    promptBand: nullBand(
      Array.from({ length: texts.captions.dims[0] }, (_, i) => cosine(embedding, row(texts.captions, i))),
    ),
    cautions: [
      ...promptCautions(reading, rules.limit),
      { kind: 'pooled', sigmoid: config.logitBias !== null },
    ],
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Each pair on its own by a sigmoid where the model says with which bias; else a softmax over the concepts. */
function scores(
  { config: { logitScale, logitBias }, tokenizer, rules }: PooledModel,
  embedding: Float32Array,
  concepts: readonly string[],
  embedded: Awaited<ReturnType<typeof embedConcepts>>,
): readonly ConceptScore[] {
  const { cosine: cosines, probability } = zeroShot(embedding, embedded, logitScale);
  return concepts.map((concept, index) => ({
    concept,
    cosine: cosines[index]!,
    probability:
      logitBias === null
        ? probability[index]!
        : 1 / (1 + Math.exp(-(logitScale * cosines[index]! + logitBias))),
    known: readPrompt(concept, tokenizer, rules).words.every(({ known }) => known),
  }));
}
