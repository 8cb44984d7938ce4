/** Does a concept's direction tell held-out scenes apart, layer by layer: AUC with its nulls. */

import { carriedState, compare } from '../methods/concepts/reader.ts';
import { row } from '../methods/concepts/texts.ts';
import type { LayerSeparation } from '../protocol/separation.ts';
import { Random } from '../world/random.ts';
import { conceptReaders, labelsOf } from './concept-readers.ts';
import { Stopwatch } from './progress.ts';
import type { Job } from './runtime.ts';
import { separateLayer, shuffledBands } from './separate-layer.ts';
import { surveyScenes } from './survey.ts';

const STREAM = 929;

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
    layers.push({
      site: reader.site,
      block: reader.block,
      ...separateLayer(scores, nulls, labels),
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const random = new Random(params.seed, STREAM);
  return {
    vectors: params.vectors,
    layers,
    ...shuffledBands(labels, survey.scenes.length, () => random.uniform()),
    scenes: survey.scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};
