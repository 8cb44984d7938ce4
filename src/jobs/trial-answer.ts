/** Units on trial in a model that answers: what is lost is the answer to "is there a tree". */

import type { Embeddings } from '../families/generative/run-decoder.ts';
import { runDecoder } from '../families/generative/run-decoder.ts';
import { contentTokens } from '../families/prompt.ts';
import { floats, type Session } from '../families/session.ts';
import { separation } from '../methods/concepts/separation.ts';
import { instrument } from '../onnx/instrument.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { mean } from '../tensor/statistics.ts';
import { fill, NO, QUESTIONS, withArticle, YES } from '../world/grammar.ts';
import { decoderGraph, decoderSite, openDecoderUnits } from './decoder-units.ts';
import {
  DECODER,
  embedSequence,
  imageFeatures,
  openSeeing,
  promptOf,
  type SeeingModel,
  seeStates,
} from './generative-model.ts';
import { LABEL_CATEGORIES } from './scenes.ts';
import type { Trial, TrialContext } from './trial.ts';
import { findScenes, type TrialScenes } from './trial-scenes.ts';
import { dissectedSite, SCENE_BATCH } from './unit-activations.ts';
import { openUnits } from './unit-source.ts';
import { unitStatistics } from './unit-statistics.ts';
import { fedWith, type UnitSwitch, unitSwitch } from './unit-switch.ts';
import { visionCard, visionSession } from './vision-model.ts';

/** The decoder and, where the units are its own, the vision tower, with some units off. */
interface Darkened {
  readonly model: SeeingModel;
  readonly decoder: Session;
}

/** Throws `bad-parameter` for a concept that nobody can ask "is there a" of. */
export async function answerTrial(params: RefereeParams, context: TrialContext): Promise<Trial> {
  const { runtime, cancellation } = context;
  const model = await openSeeing(runtime, params.model);
  askable(params.concept);
  const question = fill(QUESTIONS.there[1], { x: withArticle(params.concept) });
  const [yes, no] = [YES, NO].map((word) => contentTokens(word, model.tokenizer, model.rules)[0]);
  if (yes === undefined || no === undefined) {
    throw new VitrineError('unsupported', 'a model without yes and no', { what: 'yes and no' });
  }
  const scenes = await findScenes(model.config.imageSize, params, runtime, () => cancellation.check());
  const inVision = params.site.startsWith('vision.');
  const { units, darken } = await (inVision ? visionUnits : decoderUnits)(params, model, scenes, context);
  const embed = async (seeing: SeeingModel, first: number): Promise<Embeddings> => {
    const pictures = scenes.pictures.slice(first, first + SCENE_BATCH);
    const features = await imageFeatures(seeing, await seeStates(seeing, pictures));
    return embedSequence(seeing, promptOf(seeing, question, features), features);
  };
  // Units of the decoder do not change what goes into it.
  const known = new Map<number, Embeddings>();
  return {
    count: units.count,
    live: units.live,
    outcome: 'answer',
    names: [YES, NO],
    scenesWith: scenes.present.filter(Boolean).length,
    scenesWithout: scenes.present.filter((shown) => !shown).length,
    recognise: async (dark) => {
      const affirmed: number[] = [];
      const darkened = darken(dark);
      for (let first = 0; first < scenes.pictures.length; first += SCENE_BATCH) {
        const embeddings = known.get(first) ?? (await embed(darkened.model, first));
        if (!inVision) known.set(first, embeddings);
        const plain = { ...model.decoder, blocks: [] };
        const outputs = await runDecoder(darkened.decoder, plain, embeddings, null, ['logits']);
        const { dims, data } = floats(outputs, 'logits');
        const [batch = 0, positions = 0, vocabulary = 0] = dims;
        for (let row = 0; row < batch; row += 1) {
          const at = ((row + 1) * positions - 1) * vocabulary;
          affirmed.push(1 / (1 + Math.exp(data[at + no]! - data[at + yes]!)));
        }
        await runtime.pause();
        cancellation.check();
      }
      const shown = affirmed.filter((_, i) => scenes.present[i]);
      const { auc, effect } = separation(affirmed, scenes.present);
      return {
        probability: mean(shown),
        named: shown.filter((value) => value > 0.5).length / shown.length,
        auc,
        clarity: effect,
      };
    },
  };
}

interface Switched {
  readonly units: UnitSwitch;
  readonly darken: (dark: readonly number[]) => Darkened;
}

async function decoderUnits(
  params: RefereeParams,
  model: SeeingModel,
  { pictures }: TrialScenes,
  { runtime }: TrialContext,
): Promise<Switched> {
  const { model: id, site: name } = params;
  const site = await decoderSite(runtime, params);
  const graph = await decoderGraph(runtime, id);
  const statistics = await unitStatistics(await openDecoderUnits(runtime, params), pictures, runtime);
  const units = unitSwitch(graph.model, site, statistics);
  const session = await runtime.open(`${id}/${DECODER}/off/${name}`, async () => ({
    graph: instrument(graph.model, [units.change]),
    weights: { path: graph.location, data: await runtime.bytes(id, DECODER) },
  }));
  return { units, darken: (dark) => ({ model, decoder: fedWith(session, units.gates(dark)) }) };
}

async function visionUnits(
  params: RefereeParams,
  model: SeeingModel,
  { pictures }: TrialScenes,
  { runtime }: TrialContext,
): Promise<Switched> {
  const { model: id, site: name } = params;
  const card = await visionCard(runtime, id);
  const vision = { ...card, vision: await visionSession(runtime, card) };
  const { site } = dissectedSite(vision, name);
  const statistics = await unitStatistics(await openUnits(runtime, params), pictures, runtime);
  const units = unitSwitch(vision.graph.model, site, statistics);
  const session = await runtime.open(`${id}/${vision.file}/off/${name}`, async () => ({
    graph: instrument(vision.graph.model, [units.change]),
    weights: { path: vision.graph.location, data: await runtime.bytes(id, vision.file) },
  }));
  const graph = await decoderGraph(runtime, id);
  const decoder = await runtime.open(`${id}/${DECODER}/plain`, async () => ({
    graph: graph.model.bytes,
    weights: { path: graph.location, data: await runtime.bytes(id, DECODER) },
  }));
  return {
    units,
    darken: (dark) => ({ model: { ...model, visionSession: fedWith(session, units.gates(dark)) }, decoder }),
  };
}

function askable(concept: string): void {
  const things = LABEL_CATEGORIES.find(({ category }) => category === 'object')?.labels ?? [];
  if (things.includes(concept)) return;
  throw new VitrineError('bad-parameter', `nobody asks whether there is a ${concept}`, {
    name: 'concept',
    allowed: `a thing: ${things.join(', ')}`,
  });
}
