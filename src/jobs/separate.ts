/** Does a concept's direction tell held-out scenes apart, layer by layer: AUC with its nulls. */

import { carriedState, compare } from '../methods/concepts/reader.ts';
import { separation, shuffledAuc } from '../methods/concepts/separation.ts';
import { row } from '../methods/concepts/texts.ts';
import type { LayerSeparation } from '../protocol/concepts.ts';
import { quantiles } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { conceptReaders, labelsOf } from './concept-readers.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { surveyScenes } from './survey.ts';

const STREAM = 929;
const NONE = { low: Number.NaN, high: Number.NaN };

export const separate: Job<'separate'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  const started = runtime.now();
  const survey = await surveyScenes(
    runtime,
    { model: params.model, seed: params.seed, scenes: params.scenes },
    context,
  );
  const readers = await conceptReaders(params, context);
  const labels = labelsOf(survey, params.concepts);
  const watch = new Stopwatch(runtime, readers.length);
  const layers: LayerSeparation[] = [];
  for (const [layer, reader] of readers.entries()) {
    const { states } = survey.layers[layer]!;
    const carried = survey.scenes.map((_, scene) => carriedState(reader, row(states, scene)));
    const scores = carried.map((state) => compare(reader, state, reader.concepts));
    const nulls = carried.map((state) => compare(reader, state, reader.nulls));
    const found = labels.map((shown, concept) => {
      if (!shown) return { auc: Number.NaN, effect: Number.NaN };
      return separation(
        scores.map((own) => own[concept]!),
        shown,
      );
    });
    layers.push({
      site: reader.site,
      block: reader.block,
      auc: found.map(({ auc }) => auc),
      effect: found.map(({ effect }) => effect),
      randomBand: labels.map((shown) => (shown ? bandOf(nulls, shown) : NONE)),
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const random = new Random(params.seed, STREAM);
  const positives = labels.map((shown) => (shown ? shown.filter(Boolean).length : -1));
  return {
    vectors: params.vectors,
    layers,
    positives,
    shuffled: positives.map((count) =>
      count < 0 ? NONE : shuffledAuc(count, survey.scenes.length - count, () => random.uniform()),
    ),
    scenes: survey.scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** Central 95% over the null vectors of how well they tell the same scenes apart. `nulls` is [scene][vector]. */
function bandOf(nulls: readonly (readonly number[])[], shown: readonly boolean[]): typeof NONE {
  const aucs = nulls[0]!.map(
    (_, vector) =>
      separation(
        nulls.map((own) => own[vector]!),
        shown,
      ).auc,
  );
  if (aucs.some(Number.isNaN)) return NONE;
  const [low, high] = quantiles(aucs, [0.025, 0.975]) as [number, number];
  return { low, high };
}
