/** Does a concept's direction tell held-out pictures apart at the position that answers, layer by layer: AUC with its nulls. */

import { row } from '../methods/concepts/texts.ts';
import type { LayerSeparation } from '../protocol/separation.ts';
import { Random } from '../world/random.ts';
import { answerProbe } from './answer-probe.ts';
import { stateReaders } from './answer-readers.ts';
import { openGenerative } from './generative-model.ts';
import { RECIPES } from './read-answer.ts';
import type { Job } from './runtime.ts';
import { separateLayer, shuffledBands } from './separate-layer.ts';

const STREAM = 953;

export const separateAnswer: Job<'separateAnswer'> = async (params, context) => {
  const { runtime, cancellation } = context;
  const started = runtime.now();
  const { concepts, vectors } = params;
  const model = await openGenerative(runtime, params.model);
  const probe = await answerProbe(model, params, context);
  // The same question about scenes that no vector was made from.
  const held = await answerProbe(model, { ...params, use: 'held' }, context);
  const { scenes } = held.plan;
  const labels = concepts.map((concept) => held.plan.shows(concept));
  const readers = await stateReaders(runtime, model, probe, params, (position) => ({
    position,
    image: false,
  }));
  const layers: LayerSeparation[] = [];
  for (const [block, reader] of readers.entries()) {
    const { mean, answering } = held.layers[block]!;
    const at = mean.dims[0] - 1;
    const read = scenes.map((_, scene) => reader.read(row(answering, scene), at, true));
    const figures = separateLayer(
      read.map((own) => own.concepts),
      read.map((own) => own.nulls),
      labels,
    );
    layers.push({ site: reader.site, block, ...figures });
    await runtime.pause();
    cancellation.check();
  }
  const random = new Random(1, STREAM);
  return {
    recipe: RECIPES[vectors],
    layers,
    ...shuffledBands(labels, scenes.length, () => random.uniform()),
    scenes: scenes.length,
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};
