/** What a contrastive model sees in one image: zero-shot scores, concepts by layer, patches by word. */

import { encodePictures, type TextEmbeddings } from '../families/contrastive/encode.ts';
import { modelView, toPixels } from '../families/contrastive/preprocess.ts';
import { clsTower, type VisionStates, visionOutputs, visionStates } from '../families/contrastive/states.ts';
import { worldDistance, worldFeatures } from '../families/contrastive/world-statistics.ts';
import { promptCautions, readPrompt } from '../families/prompt.ts';
import { nullBand } from '../methods/concepts/band.ts';
import { readLayer } from '../methods/concepts/reader.ts';
import { type ClsTower, patchRelevance } from '../methods/concepts/relevance.ts';
import { row } from '../methods/concepts/texts.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import type { HeadName } from '../protocol/concepts.ts';
import type { ImageSource, Pixels } from '../protocol/image.ts';
import type { Caution, ConceptScore, NullBand, PromptReading, WordRelevance } from '../protocol/jobs.ts';
import { cosine, norm } from '../tensor/statistics.ts';
import { conceptReaders } from './concept-readers.ts';
import { type ContrastiveModel, embedConcepts, embedPrompts, openContrastive } from './contrastive-model.ts';
import { explainPooled } from './explain-pooled.ts';
import { centredConcepts, type NullTexts, nullTexts, randomWords } from './null-texts.ts';
import { isPooled } from './pooled-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job, Runtime } from './runtime.ts';
import { drawSeed, scenePixels } from './scenes.ts';
import { drawVariant } from './variants.ts';

export const explain: Job<'explain'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  if (await isPooled(runtime, params.model)) return explainPooled(params, context);
  const model = await openContrastive(runtime, params.model);
  const reading = readPrompt(params.prompt, model.tokenizer, model.rules);
  const watch = new Stopwatch(runtime, 5);
  const image = sourcePixels(params.image, model.config.imageSize);
  const texts = await nullTexts(runtime, params.model, params.templates);
  report(watch.advance());
  await runtime.pause();
  cancellation.check();
  const readers = await conceptReaders(params, context);
  await runtime.pause();
  cancellation.check();
  report(watch.advance());

  const view = modelView(image, model.preprocessing);
  const { tower } = model;
  const outputs = await encodePictures(model.vision, model.preprocessing, [view], visionOutputs(tower));
  const states = visionStates(tower, outputs);
  report(watch.advance());

  const { concepts } = params;
  const embedded =
    concepts.length > 0 ? await embedConcepts(runtime, model, concepts, params.templates) : null;
  const scores = embedded ? scoreConcepts(model, states, concepts, embedded) : [];
  const words = randomWords(texts, [...concepts, params.prompt]);
  const layers = readers.map((reader, layer) => readLayer(reader, states.layers[layer]!.state));
  report(watch.advance());
  await runtime.pause();
  cancellation.check();

  const prompt = await embedPrompts(runtime, model, [params.prompt]);
  const relevance = await wordRelevance(runtime, model, states, reading, texts, words, params.without);
  cancellation.check();
  report(watch.advance());
  return {
    reading,
    image: toPixels(view),
    scores,
    layers,
    relevance,
    promptCosine: cosine(states.embedding, row(prompt, 0)),
    promptBand: nullBand(rowsOf(texts.captions).map((caption) => cosine(states.embedding, caption))),
    cautions: [...textCautions(model, [params.prompt, ...concepts]), ...foreign(model, states)],
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

/** Of the prompt and of every concept: each kind once, each word once. */
function textCautions({ tokenizer, rules }: ContrastiveModel, texts: readonly string[]): Caution[] {
  const readings = texts.map((text) => readPrompt(text, tokenizer, rules));
  const words = new Map(readings.flatMap((reading) => reading.words).map((word) => [word.text, word]));
  const cut = [...new Set(readings.flatMap((reading) => reading.cut))];
  return promptCautions({ tokens: [], words: [...words.values()], cut }, rules.limit);
}

/** The picture of a source: a scene is drawn at the model's size. */
export function sourcePixels(source: ImageSource, size: number): Pixels {
  if (source.kind === 'pixels') return source.pixels;
  return source.kind === 'scene'
    ? scenePixels(drawSeed(source.seed, size).drawing)
    : scenePixels(drawVariant(source, size));
}

function scoreConcepts(
  model: ContrastiveModel,
  states: VisionStates,
  concepts: readonly string[],
  texts: TextEmbeddings,
): readonly ConceptScore[] {
  const { cosine: cosines, probability } = zeroShot(states.embedding, texts, model.config.logitScale);
  return concepts.map((concept, index) => ({
    concept,
    probability: probability[index]!,
    cosine: cosines[index]!,
    known: readPrompt(concept, model.tokenizer, model.rules).words.every(({ known }) => known),
  }));
}

/** Each word of the prompt on its own, as a concept; the band holds every patch of every random word on this image. */
async function wordRelevance(
  runtime: Runtime,
  model: ContrastiveModel,
  states: VisionStates,
  reading: PromptReading,
  texts: NullTexts,
  words: NullTexts['embeddings'],
  without: readonly HeadName[],
): Promise<readonly WordRelevance[]> {
  if (reading.words.length === 0) return [];
  const { grid, logitScale } = model.config;
  const tower: ClsTower = clsTower(model.tower, states, grid, logitScale / norm(states.embedding));
  const left = new Set(without.map(({ layer, head }) => `${layer}.${head}`));
  const omit = (layer: number, head: number): boolean => left.has(`${layer}.${head}`);
  const band = await relevanceBand(runtime, tower, words, omit);
  const own = await centredConcepts(
    runtime,
    model,
    reading.words.map(({ text }) => text),
    texts,
  );
  return reading.words.map((word, index) => ({
    word,
    patches: patchRelevance(tower, row(own, index), omit),
    band,
  }));
}

async function relevanceBand(
  runtime: Runtime,
  tower: ClsTower,
  words: NullTexts['embeddings'],
  omit: (layer: number, head: number) => boolean,
): Promise<NullBand> {
  const patches = tower.gridHeight * tower.gridWidth;
  const values = new Float32Array(words.dims[0] * patches);
  for (let index = 0; index < words.dims[0]; index++) {
    values.set(patchRelevance(tower, row(words, index), omit).data, index * patches);
    if (index % 8 === 7) await runtime.pause();
  }
  return nullBand(values);
}

function foreign({ statistics }: ContrastiveModel, { hidden, width }: VisionStates): Caution[] {
  if (!statistics) return [];
  const distance = worldDistance(worldFeatures(hidden, width), statistics);
  const { threshold } = statistics;
  return distance <= threshold ? [] : [{ kind: 'foreign-image', distance, threshold }];
}

function rowsOf(table: NullTexts['embeddings']): readonly Float32Array[] {
  return Array.from({ length: table.dims[0] }, (_, index) => row(table, index));
}
