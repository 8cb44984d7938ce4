/** How well the model still classifies without the direct contributions of chosen heads. */

import { type Replacement, replaceComponents } from '../methods/concepts/mean-ablation.ts';
import { zeroShotAccuracy } from '../methods/concepts/zeroshot-accuracy.ts';
import { VitrineError } from '../protocol/errors.ts';
import { Random } from '../world/random.ts';
import { embedConcepts, openTexts } from './contrastive-model.ts';
import { memo } from './memo.ts';
import type { Job, Runtime } from './runtime.ts';
import { PROPERTIES } from './scene-truth.ts';
import { type SceneSurvey, surveyScenes } from './survey.ts';

const DRAWS = 10;
const STREAM = 911;

export const ablateHeads: Job<'ablateHeads'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const survey = await surveyScenes(
    runtime,
    { model: params.model, seed: params.seed, scenes: params.scenes, objects: 1 },
    context,
  );
  const texts = await propertyTexts(runtime, params.model);
  const all = survey.components.flatMap((component, index) => (component.kind === 'head' ? [index] : []));
  const chosen = params.heads.map(({ layer, head }) => {
    const index = survey.components.findIndex(
      (component) => component.kind === 'head' && component.layer === layer && component.head === head,
    );
    if (index < 0) {
      throw new VitrineError('bad-parameter', `no head ${head} in layer ${layer}`, {
        name: 'heads',
        allowed: `${all.length} heads`,
      });
    }
    return index;
  });
  const accuracies = (mean: readonly number[]): readonly number[] => {
    const images = replaceComponents(survey.contributions, plan(survey, new Set(mean)));
    return PROPERTIES.map(({ values, of }, property) =>
      zeroShotAccuracy(
        images,
        texts[property]!,
        survey.scenes.map((scene) => values.indexOf(of(scene) ?? '')),
      ),
    );
  };
  const intact = accuracies([]);
  const ablated = accuracies(chosen);
  const random = new Random(params.seed, STREAM);
  const draws: (readonly number[])[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    draws.push(accuracies(random.shuffle(all).slice(0, chosen.length)));
    await runtime.pause();
    cancellation.check();
  }
  return {
    recipe: 'mean-ablation',
    rows: PROPERTIES.map(({ name, values }, property) => ({
      property: name,
      intact: intact[property]!,
      ablated: ablated[property]!,
      random: {
        low: Math.min(...draws.map((draw) => draw[property]!)),
        high: Math.max(...draws.map((draw) => draw[property]!)),
        samples: DRAWS,
      },
      chance: 1 / values.length,
    })),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** For each property its values as texts, rows of length 1. */
export const propertyTexts = memo(async (runtime: Runtime, id: string) => {
  const model = await openTexts(runtime, id);
  return Promise.all(PROPERTIES.map(({ values }) => embedConcepts(runtime, model, values)));
});

function plan(survey: SceneSurvey, mean: ReadonlySet<number>): readonly Replacement[] {
  return survey.components.map((_, index) => (mean.has(index) ? 'mean' : 'keep'));
}
