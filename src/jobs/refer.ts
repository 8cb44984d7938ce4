/** The causal referee: a concept's direction is taken out of the residual stream, or added, and its probability moves or not. */

import { pixelPlanes } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { readModelGraph } from '../families/graph.ts';
import { floats } from '../families/session.ts';
import {
  directionPatches,
  type StateChange,
  type StateChanges,
  steeringFeeds,
} from '../families/steering.ts';
import { StateVariance } from '../methods/concepts/matched-directions.ts';
import { contrastiveMeans } from '../methods/concepts/means.ts';
import { readout } from '../methods/concepts/relevance.ts';
import { centreTexts, meanRow, row } from '../methods/concepts/texts.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import { instrument } from '../onnx/instrument.ts';
import type { ReferParams } from '../protocol/concepts.ts';
import { VitrineError } from '../protocol/errors.ts';
import { normalise } from '../tensor/statistics.ts';
import { gaussian, Random } from '../world/random.ts';
import { labelsOf, MEANS_SCENES, MEANS_SEED } from './concept-readers.ts';
import {
  type ContrastiveModel,
  contrastiveCard,
  embedConcepts,
  openContrastive,
} from './contrastive-model.ts';
import { sourcePixels } from './explain.ts';
import { memo } from './memo.ts';
import { nullTexts } from './null-texts.ts';
import { isPooled } from './pooled-model.ts';
import { Stopwatch } from './progress.ts';
import type { Job, Runtime } from './runtime.ts';
import { type SceneSurvey, surveyScenes } from './survey.ts';

const MATCHED = 100;
const BATCH = 12;
const STREAM = 937;
/** How far `add` goes, in standard deviations of the states along the direction. */
const ADDED_DEVIATIONS = 2;

export const refer: Job<'refer'> = async (params, context) => {
  const { runtime, cancellation, report } = context;
  const started = runtime.now();
  if (await isPooled(runtime, params.model)) {
    const what = 'a direction in layers that are read through a pooling attention';
    throw new VitrineError('unsupported', what, { found: 'pooled', what });
  }
  const model = await openContrastive(runtime, params.model);
  const { blocks } = model.tower;
  if (params.from >= blocks.length) {
    throw new VitrineError('bad-parameter', `no block ${params.from}`, {
      name: 'from',
      allowed: `0 to ${blocks.length - 1}`,
    });
  }
  const survey = await surveyScenes(
    runtime,
    { model: params.model, seed: MEANS_SEED, scenes: MEANS_SCENES },
    context,
  );
  const texts = await embedConcepts(runtime, model, params.concepts, params.templates);
  const directions = await layerDirections(runtime, model, survey, params);
  const spread = await spreads(runtime, params.model);
  if (directions[0]![params.concept]!.every((value) => value === 0)) {
    throw new VitrineError('bad-parameter', 'no scene shows this concept', {
      name: 'concept',
      allowed: 'a concept that the scenes show, or vectors of the text tower',
    });
  }
  const random = new Random(params.seed, STREAM);
  const change = (layer: number, direction: Float32Array): StateChange => {
    if (params.act === 'remove') return { direction, centre: spread[layer]!.centre };
    const far = ADDED_DEVIATIONS * Math.sqrt(spread[layer]!.variance.along(direction));
    return { addend: direction.map((value) => value * far) };
  };
  const act = (pick: (layer: number) => Float32Array): StateChanges =>
    blocks.map((_, layer) => (layer < params.from ? undefined : change(layer, pick(layer))));
  const rows = [
    blocks.map(() => undefined),
    ...params.concepts.map((_, concept) => act((layer) => directions[layer]![concept]!)),
    ...Array.from({ length: MATCHED }, () =>
      act((layer) => {
        const { variance } = spread[layer]!;
        const wanted = variance.along(directions[layer]![params.concept]!);
        return variance.matched(wanted, () => gaussian(random));
      }),
    ),
  ];
  const view = modelView(sourcePixels(params.image, model.config.imageSize), model.preprocessing);
  const { session, steered } = await openSteerable(runtime, params.model);
  const [width] = model.tower.head.projection.dims;
  const positions = model.config.grid ** 2 + 1;
  const watch = new Stopwatch(runtime, Math.ceil(rows.length / BATCH));
  const probabilities: (readonly number[])[] = [];
  for (let first = 0; first < rows.length; first += BATCH) {
    const batch = rows.slice(first, first + BATCH);
    const outputs = await session.run(
      {
        pixel_values: pixelPlanes(
          model.preprocessing,
          batch.map(() => view),
        ),
        ...steeringFeeds(steered, batch, { at: 0, positions, width }),
      },
      ['image_embeds'],
    );
    const { data } = floats(outputs, 'image_embeds');
    const size = data.length / batch.length;
    batch.forEach((_, i) => {
      const image = data.subarray(i * size, (i + 1) * size);
      probabilities.push(zeroShot(image, texts, model.config.logitScale).probability);
    });
    report(watch.advance());
    await runtime.pause();
    cancellation.check();
  }
  const [before, ...changed] = probabilities;
  const others = changed.slice(0, params.concepts.length);
  const after = others[params.concept]!;
  const own = (all: readonly number[]): number => all[params.concept]!;
  const matched = changed.slice(params.concepts.length).map(own);
  const moved = (value: number): number =>
    params.act === 'remove' ? own(before!) - value : value - own(before!);
  return {
    recipe: 'projection-patch',
    before: before!,
    after,
    matched,
    percentile: matched.filter((value) => moved(value) < moved(own(after))).length / matched.length,
    others: others.map(own),
    device: runtime.device,
    elapsedMs: runtime.now() - started,
  };
};

/** For each layer, a direction of length 1 for each concept; zeros for what no scene shows. */
async function layerDirections(
  runtime: Runtime,
  model: ContrastiveModel,
  survey: SceneSurvey,
  params: Pick<ReferParams, 'concepts' | 'vectors' | 'templates'>,
): Promise<readonly (readonly Float32Array[])[]> {
  if (params.vectors === 'means') {
    const shown = labelsOf(survey, params.concepts);
    return survey.layers.map(({ states }) => {
      const vectors = contrastiveMeans(states, shown);
      return params.concepts.map((_, concept) => normalise(row(vectors, concept)));
    });
  }
  const { mean } = await nullTexts(runtime, model.id, params.templates);
  const texts = centreTexts(await embedConcepts(runtime, model, params.concepts, params.templates), mean);
  // The direction that the final norm and projection read the text from; the norm's deviation only scales it.
  const last = row(survey.layers.at(-1)!.states, 0);
  const read = params.concepts.map((_, concept) =>
    normalise(readout(last, model.tower.head, row(texts, concept)).direction),
  );
  return survey.layers.map(() => read);
}

/** Mean and variance of the states of each layer. */
const spreads = memo(async (runtime: Runtime, id: string) => {
  const survey = await surveyScenes(
    runtime,
    { model: id, seed: MEANS_SEED, scenes: MEANS_SCENES },
    { cancellation: { cancelled: false, check: () => undefined }, report: () => undefined },
  );
  return survey.layers.map(({ states }) => ({
    centre: meanRow(states),
    variance: new StateVariance(states),
  }));
});

const steerable = memo(async (runtime: Runtime, id: string) => {
  const bytes = await runtime.bytes(id, 'vision_model');
  const graph = readModelGraph(bytes, 'vision_model', 'vision');
  const { tower } = await contrastiveCard(runtime, id);
  const { patches, blocks } = directionPatches(
    graph,
    tower.blocks.map(({ site }) => tower.sites.get(site)!.site),
  );
  return { graph: instrument(graph.model, patches), steered: blocks, location: graph.location };
});

async function openSteerable(runtime: Runtime, id: string) {
  const { graph, steered, location } = await steerable(runtime, id);
  const session = await runtime.open(`${id}/vision_model#steerable`, async () => ({
    graph,
    weights: { path: location, data: await runtime.bytes(id, 'vision_model') },
  }));
  return { steered, session };
}
