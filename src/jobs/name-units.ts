/** Units named with words (CLIP-Dissect): which words fit a unit's strongest pictures better than any unit's. */

import { againstPrior, conceptShares, logLikelihoods, logPrior } from '../methods/dissection/soft-wpmi.ts';
import { Watching } from '../methods/dissection/watching.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { NamedUnit } from '../protocol/naming.ts';
import { quantile } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { WHOLE } from './dissect-passes.ts';
import { openWords } from './naming-judge.ts';
import type { Job } from './runtime.ts';
import { unitExamples } from './unit-examples.ts';
import { openUnits } from './unit-source.ts';
import { watchedSource, watchShard } from './watch-units.ts';

/** Words named of each unit, the best among them, and pictures kept to show. */
const NAMED = 5;
const SHOWN = 9;
/** Random sets of pictures for the baseline. */
const DRAWN = 200;

export const nameUnits: Job<'nameUnits'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const began = runtime.now();
  // Before anything is looked at: the judge may know none of the words.
  const { words, unknown, match } = await openWords(runtime, params.judge, params.words);
  const watching = params.parts ? mergeParts(params.parts) : await watchShard(params, WHOLE, context);
  const { images, top } = watching;
  const known = new Map<number, Float32Array>();
  const shares = (image: number): Float32Array => {
    const found = known.get(image) ?? conceptShares(match(watching.embedding(image)));
    known.set(image, found);
    return found;
  };
  const likelihoods: Float64Array[] = [];
  for (let unit = 0; unit < watching.units; unit += 1) {
    likelihoods.push(logLikelihoods(watching.strongest(unit).map(shares), words.length));
    if (unit % 32 === 31) {
      await runtime.pause();
      cancellation.check();
    }
  }
  const live = likelihoods.filter((_, unit) => !watching.dead(unit));
  const prior = logPrior(live.length > 0 ? live : likelihoods);
  const rows = likelihoods.map((row, unit): NamedUnit => {
    const dead = watching.dead(unit);
    const [best, ...next] = dead ? [] : ranked(againstPrior(row, prior), words);
    return {
      unit,
      concept: best?.concept ?? '',
      score: best?.score ?? 0,
      next,
      dead,
      pictures: watching.strongest(unit).slice(0, SHOWN),
    };
  });
  return {
    rows,
    images: images.length,
    top: Math.min(top, images.length),
    words: words.length,
    unknown,
    chance: chanceOf(images, top, shares, prior, params.seed),
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

function mergeParts(parts: readonly Uint8Array[]): Watching {
  try {
    const [first, ...others] = parts.map((part) => Watching.load(part));
    if (!first) throw new RangeError('no parts');
    for (const other of others) first.merge(other);
    return first;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const detail = { name: 'parts', allowed: 'parts of one layer and judge' };
    throw new VitrineError('bad-parameter', `parts: ${cause.message}`, detail, cause);
  }
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
