/** What each attention head of a contrastive model says: its words (TextSpan), and what it tells apart. */

import { notAdded } from '../families/contrastive/pooled-writes.ts';
import { spanOf, textSpan } from '../methods/concepts/textspan.ts';
import { varianceShare } from '../methods/concepts/variance-share.ts';
import type { HeadReport } from '../protocol/concepts.ts';
import { mean, quantile } from '../tensor/statistics.ts';
import { Random } from '../world/random.ts';
import { isPooled } from './pooled-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { PROPERTIES } from './scene-truth.ts';
import { surveyScenes } from './survey.ts';
import { textPool } from './text-pool.ts';

const RANDOM_SPANS = 5;
const SHUFFLES = 5;
/** The stream of random numbers of shuffles and random words. */
const STREAM = 907;

export const heads: Job<'heads'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  const started = runtime.now();
  const survey = await surveyScenes(
    runtime,
    { model: params.model, seed: params.seed, scenes: params.scenes, objects: 1 },
    context,
  );
  if (survey.components.length === 0) throw notAdded();
  const pool = await textPool(runtime, params.model);
  cancellation.check();
  const random = new Random(params.seed, STREAM);
  const classes = PROPERTIES.map(({ of }) => survey.scenes.map(of));
  const shuffled = classes.map((names) => Array.from({ length: SHUFFLES }, () => random.shuffle(names)));
  const lucky = PROPERTIES.map((): number[] => []);
  const named = survey.components.flatMap((component, index) =>
    component.kind === 'head' ? [{ component, rows: survey.contributions[index]! }] : [],
  );
  const { headWidth } = survey;
  const watch = new Stopwatch(runtime, named.length);
  const reports: HeadReport[] = [];
  for (const { component, rows } of named) {
    const { layer, head } = component;
    const span = textSpan(rows, pool.embeddings, { words: params.words, headWidth });
    const draws = Array.from({ length: RANDOM_SPANS }, () => {
      const chosen = Array.from({ length: params.words }, () => random.integer(pool.phrases.length));
      return spanOf(rows, pool.embeddings, chosen, headWidth).words.at(-1)?.explained ?? 0;
    });
    shuffled.forEach((orders, property) => {
      lucky[property]!.push(...orders.map((names) => varianceShare(rows, names)));
    });
    reports.push({
      layer,
      head,
      words: span.words.map(({ text, explained }) => ({ text: pool.phrases[text]!, explained })),
      randomExplained: mean(draws),
      variance: span.variance,
      shares: classes.map((names) => varianceShare(rows, names)),
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  return {
    recipe: 'textspan',
    pooled: await isPooled(runtime, params.model),
    pool: pool.phrases.length,
    properties: PROPERTIES.map(({ name, values }, index) => ({
      name,
      values,
      chance: quantile(lucky[index]!, 0.975),
    })),
    heads: reports,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};
