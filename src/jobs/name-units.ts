/** Units named with words (CLIP-Dissect): which words fit a unit's strongest pictures better than any unit's. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { type Rgb8, resample } from '../families/contrastive/resample.ts';
import { floats } from '../families/session.ts';
import {
  againstPrior,
  conceptShares,
  logLikelihoods,
  logPrior,
  SOFT_WPMI,
} from '../methods/dissection/soft-wpmi.ts';
import { TopImages } from '../methods/dissection/top-images.ts';
import type { UnitMaps } from '../methods/dissection/units.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { NamedUnit, NameUnitsParams, WatchedParams } from '../protocol/naming.ts';
import { dot, normalise, quantile } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { type AnnotatedSource, worldSource } from './annotated-source.ts';
import { embedConcepts, knowsWord, openTexts } from './contrastive-model.ts';
import { datasetSource, openData } from './dataset-source.ts';
import { Stopwatch } from './progress.ts';
import type { Job, Runtime } from './runtime.ts';
import { LABEL_CATEGORIES } from './scenes.ts';
import { SCENE_BATCH } from './unit-activations.ts';
import { unitExamples } from './unit-examples.ts';
import { openUnits } from './unit-source.ts';
import { openVision } from './vision-model.ts';

/** Words named of each unit, the best among them, and pictures kept to show. */
const NAMED = 5;
const SHOWN = 9;
/** Of few pictures the strongest hundred would be most of them: at most this share, but some. */
const TOP_SHARE = 0.05;
const LEAST_TOP = 5;
/** Random sets of pictures for the baseline. */
const DRAWN = 200;

export const nameUnits: Job<'nameUnits'> = async (params, { runtime, cancellation, report }) => {
  const began = runtime.now();
  const units = await openUnits(runtime, params);
  const { judge, texts, words, unknown } = await openJudge(runtime, params);
  const source = await watchedSource(runtime, params, units.size);
  const top = Math.min(SOFT_WPMI.top, Math.max(LEAST_TOP, Math.round(TOP_SHARE * source.count)));
  const watch = new Stopwatch(runtime, source.count);
  let tops: TopImages | undefined;
  let lowest = new Float32Array();
  let highest = new Float32Array();
  const embeddings = new Map<number, Float32Array>();
  for (let first = 0; first < source.count; first += SCENE_BATCH) {
    const batch: { readonly image: number; readonly picture: Rgb8 }[] = [];
    for (let image = first; image < Math.min(first + SCENE_BATCH, source.count); image += 1) {
      const seen = await source.read(image, units.size);
      if (seen) batch.push({ image, picture: seen.picture });
    }
    if (batch.length > 0) {
      const maps = await units.maps(batch.map(({ picture }) => picture));
      const matched = await judge(batch.map(({ picture }) => picture));
      batch.forEach(({ image }, i) => {
        const means = meansOf(maps[i]!);
        tops ??= new TopImages(means.length, top);
        if (embeddings.size === 0) [lowest, highest] = [means.slice(), means.slice()];
        means.forEach((value, unit) => {
          lowest[unit] = Math.min(lowest[unit]!, value);
          highest[unit] = Math.max(highest[unit]!, value);
        });
        tops.add(means, image);
        embeddings.set(image, matched[i]!);
      });
    }
    report(watch.advance(Math.min(SCENE_BATCH, source.count - first)));
    await runtime.pause();
    cancellation.check();
  }
  if (!tops)
    throw new VitrineError('bad-image', 'none of the pictures could be read', { count: source.count });

  const known = new Map<number, Float32Array>();
  const shares = (image: number): Float32Array => {
    const found = known.get(image) ?? conceptShares(texts(embeddings.get(image)!));
    known.set(image, found);
    return found;
  };
  const likelihoods: Float64Array[] = [];
  for (let unit = 0; unit < tops.units; unit += 1) {
    likelihoods.push(
      logLikelihoods(
        tops.of(unit).map(({ image }) => shares(image)),
        words.length,
      ),
    );
    if (unit % 32 === 31) {
      await runtime.pause();
      cancellation.check();
    }
  }
  const live = likelihoods.filter((_, unit) => lowest[unit] !== highest[unit]);
  const prior = logPrior(live.length > 0 ? live : likelihoods);
  const rows = likelihoods.map((row, unit): NamedUnit => {
    const dead = lowest[unit] === highest[unit];
    const [best, ...next] = dead ? [] : ranked(againstPrior(row, prior), words);
    return {
      unit,
      concept: best?.concept ?? '',
      score: best?.score ?? 0,
      next,
      dead,
      pictures: tops!
        .of(unit)
        .slice(0, SHOWN)
        .map(({ image }) => image),
    };
  });
  return {
    rows,
    images: embeddings.size,
    top: Math.min(top, embeddings.size),
    words: words.length,
    unknown,
    chance: chanceOf([...embeddings.keys()], top, shares, prior, params.seed),
    device: runtime.device,
    elapsedMs: runtime.now() - began,
  };
};

export const namedUnit: Job<'namedUnit'> = async (params, context) => {
  const units = await openUnits(context.runtime, params);
  const source = await watchedSource(context.runtime, params, units.size);
  const numbered = params.pictures
    .filter((image) => image < source.count)
    .map((image) => ({ image, named: params.data ? image : params.seed + image }));
  return { examples: await unitExamples({ units, source }, params.unit, numbered, context) };
};

async function watchedSource(
  runtime: Runtime,
  { data, scenes, seed }: WatchedParams,
  size: number,
): Promise<AnnotatedSource> {
  if (!data) return worldSource({ scenes, seed }, size);
  return datasetSource(runtime, await openData(data), data.name, scenes, { labelled: false });
}

/** Pictures to embeddings of length 1; an embedding's cosines with all words that the judge knows. */
async function openJudge(runtime: Runtime, { judge: id, words: asked }: NameUnitsParams) {
  const model = await openVision(runtime, id);
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
  const { imageSize } = model.config;
  return {
    words,
    unknown: [...new Set(all)].filter((word) => !words.includes(word)),
    judge: async (pictures: readonly Rgb8[]): Promise<readonly Float32Array[]> => {
      const views = pictures.map((picture) =>
        picture.width === imageSize && picture.height === imageSize
          ? picture
          : resample(picture, imageSize, imageSize, 'bilinear'),
      );
      const results = await encodePictures(model.vision, model.preprocessing, views, ['image_embeds']);
      const rows = floats(results, 'image_embeds').data;
      return pictures.map((_, i) => normalise(rows.subarray(i * width, (i + 1) * width)));
    },
    texts: (embedding: Float32Array): Float32Array =>
      Float32Array.from(words, (_, word) => dot(embedding, data.subarray(word * width, (word + 1) * width))),
  };
}

function meansOf({ dims: [units, height, width], data }: UnitMaps): Float32Array {
  const positions = height * width;
  return Float32Array.from({ length: units }, (_, unit) => {
    let sum = 0;
    for (let i = unit * positions; i < (unit + 1) * positions; i += 1) sum += data[i]!;
    return sum / positions;
  });
}

function ranked(scores: Float64Array, words: readonly string[]) {
  return words
    .map((concept, word) => ({ concept, score: scores[word]! }))
    .sort((a, b) => b.score - a.score)
    .slice(0, NAMED);
}

/** The best word's score for pictures drawn at random, 95th percentile. */
function chanceOf(
  images: readonly number[],
  top: number,
  shares: (image: number) => Float32Array,
  prior: Float64Array,
  seed: number,
): number {
  const random = new Random(seed, 29);
  const best = Array.from({ length: DRAWN }, () => {
    const bag = [...images];
    const drawn = Array.from({ length: Math.min(top, bag.length) }, () => {
      const [image] = bag.splice(random.integer(bag.length), 1);
      return shares(image!);
    });
    return Math.max(...againstPrior(logLikelihoods(drawn, prior.length), prior));
  });
  return quantile(best, 0.95);
}
