/** What the image tokens say in words: the vocabulary's directions nearest to them, at the door and halfway through. */

import { toPixels } from '../families/contrastive/preprocess.ts';
import { captureSequence } from '../families/generative/capture.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { floats } from '../families/session.ts';
import { nearestWords, shuffledBand, type WordDirections } from '../methods/concepts/nearest-words.ts';
import { tensor } from '../tensor/tensor.ts';
import { Random } from '../world/random.ts';
import {
  embedSequence,
  embedTokens,
  type GenerativeModel,
  heatGrid,
  imageFeatures,
  imagePositions,
  openGenerative,
  pictureOf,
  promptOf,
  seeStates,
} from './generative-model.ts';
import { memo } from './memo.ts';
import { Stopwatch } from './progress.ts';
import { queryMaps } from './query-maps.ts';
import type { Job, Runtime } from './runtime.ts';

const NEAREST = 5;
const BATCH = 32;
/** Larger vocabularies are compared by their first tokens only. */
const MOST_WORDS = 4000;

export const bridge: Job<'bridge'> = async (params, { runtime, cancellation, report }) => {
  const model = await openGenerative(runtime, params.model);
  const watch = new Stopwatch(runtime, 3);
  const words = await contextualWords(runtime, params.model);
  report(watch.advance());
  cancellation.check();
  const picture = pictureOf(model, params.image);
  const features = await imageFeatures(model, await seeStates(model, [picture]), { maps: true });
  const prompt = promptOf(model, '', features);
  const side = heatGrid(model, features);
  // Of a picture in parts, the tokens of the whole.
  const positions = imagePositions(prompt).slice(features.parts ? -(side * side) : 0);
  // What stands after the picture cannot change its states.
  const sequence = prompt.slice(0, positions.at(-1)! + 1);
  const block = middleBlock(model);
  const embeddings = await embedSequence(model, sequence, features);
  const capture = await captureSequence(model.decoderSession, model.decoder, embeddings, {
    attention: false,
  });
  report(watch.advance());
  await runtime.pause();
  cancellation.check();
  const { width } = embeddings;
  const rows = (state: Float32Array) => {
    const data = new Float32Array(positions.length * width);
    positions.forEach((position, i) => {
      data.set(state.subarray(position * width, (position + 1) * width), i * width);
    });
    return tensor(['row', 'width'], [positions.length, width], data);
  };
  const soft = rows(embeddings.data);
  const inside = rows(capture.states[block + 1]!.state.data);
  const door = unembeddingWords(model);
  const nearest = nearestWords(soft, door, NEAREST);
  const contextual = nearestWords(inside, words, NEAREST);
  const below = (bound: number) => random.integer(bound);
  const random = new Random(1);
  return {
    image: toPixels(picture),
    gridHeight: side,
    gridWidth: side,
    block,
    tokens: nearest.map((entry, token) => ({ nearest: entry, contextual: contextual[token]! })),
    nearestBand: shuffledBand(soft, door, below),
    contextualBand: shuffledBand(inside, words, below),
    queries: queryMaps(model, features),
    device: runtime.device,
    elapsedMs: watch.elapsedMs,
  };
};

function middleBlock({ decoder }: GenerativeModel): number {
  return Math.ceil(decoder.blocks.length / 2) - 1;
}

function vocabulary({
  decoder,
  tokenizer,
  config,
}: GenerativeModel): readonly { id: number; text: string }[] {
  const size = Math.min(decoder.readout.unembedding.dims[1], MOST_WORDS);
  return Array.from({ length: size }, (_, id) => ({ id, text: tokenizer.token(id) })).filter(
    ({ id, text }) => id !== config.imageToken && !/^<.*>$|^\[.*\]$/.test(text),
  );
}

function unembeddingWords(model: GenerativeModel): WordDirections {
  const [width, tokens] = model.decoder.readout.unembedding.dims;
  const { data } = model.decoder.readout.unembedding;
  const words = vocabulary(model);
  const rows = new Float32Array(words.length * width);
  words.forEach(({ id }, row) => {
    for (let i = 0; i < width; i++) rows[row * width + i] = data[i * tokens + id]!;
  });
  return {
    words: words.map(({ text }) => text),
    directions: tensor(['row', 'width'], [words.length, width], rows),
  };
}

/** Contextual vectors: each word read alone after the start token, its state after the middle block. */
const contextualWords = memo(async (runtime: Runtime, id: string): Promise<WordDirections> => {
  const model = await openGenerative(runtime, id);
  const words = vocabulary(model);
  const { residual } = model.decoder.blocks[middleBlock(model)]!;
  const starts = model.rules.start === undefined ? [] : [model.rules.start];
  const parts: Float32Array[] = [];
  let width = 0;
  for (let first = 0; first < words.length; first += BATCH) {
    const batch = words.slice(first, first + BATCH);
    const ids = batch.flatMap((word) => [...starts, word.id]);
    const embedded = await embedTokens(model, ids);
    ({ width } = embedded);
    const length = starts.length + 1;
    const outputs = await runDecoder(
      model.decoderSession,
      model.decoder,
      { batch: batch.length, length, width, data: embedded.data },
      null,
      [residual],
    );
    const { data } = floats(outputs, residual);
    batch.forEach((_, row) => {
      const at = ((row + 1) * length - 1) * width;
      parts.push(data.slice(at, at + width));
    });
    await runtime.pause();
  }
  const rows = new Float32Array(parts.length * width);
  parts.forEach((part, row) => {
    rows.set(part, row * width);
  });
  return {
    words: words.map(({ text }) => text),
    directions: tensor(['row', 'width'], [words.length, width], rows),
  };
});
