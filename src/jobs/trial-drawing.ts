/** Units on trial in a model that draws: what is lost is the thing asked for, as another model recognises it in the pictures. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView } from '../families/contrastive/preprocess.ts';
import { decode } from '../families/diffusion/decode.ts';
import { sample } from '../families/diffusion/sampler.ts';
import { readPrompt } from '../families/prompt.ts';
import { floats } from '../families/session.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import { instrument } from '../onnx/instrument.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { Pixels } from '../protocol/image.ts';
import { mean } from '../tensor/statistics.ts';
import { withArticle } from '../world/grammar.ts';
import { diffusionCard } from './diffusion-model.ts';
import { planSampling } from './generate.ts';
import { openPlain } from './open.ts';
import { drawSeed } from './scenes.ts';
import type { Trial, TrialContext } from './trial.ts';
import { openNames } from './trial-match.ts';
import { labelsShown } from './trial-scenes.ts';
import { openUnetUnits, unetSite } from './unet-units.ts';
import { unitStatistics } from './unit-statistics.ts';
import { fedWith, unitSwitch } from './unit-switch.ts';
import { visionCard, visionSession } from './vision-model.ts';

/** Few steps draw the same things, more coarsely. */
const STEPS = 8;
const GUIDANCE = 4;
/** Scenes that units are matched on, and that tell which names are everywhere. */
const ORDINARY = 16;

/** Throws `bad-parameter` without a judge, and for a concept that either model has no word for. */
export async function drawingTrial(
  params: RefereeParams,
  { runtime, cancellation }: TrialContext,
): Promise<Trial> {
  const { model: id, judge: judgeId, concept } = params;
  if (judgeId === undefined) {
    throw new VitrineError('bad-parameter', 'nobody to look at the pictures', {
      name: 'judge',
      allowed: 'a model that matches pictures with words',
    });
  }
  const card = await diffusionCard(runtime, id);
  const prompt = readPrompt(withArticle(concept), card.tokenizer, card.rules);
  if (prompt.words.some(({ known }) => !known)) {
    throw new VitrineError('bad-parameter', `${id} has no word for ${concept}`, {
      name: 'concept',
      allowed: "a word of the model's vocabulary",
    });
  }
  const units = await openUnetUnits(runtime, params);
  const drawn = Array.from({ length: ORDINARY }, (_, i) => drawSeed(params.seed + i, units.size));
  const names = await openNames(
    runtime,
    { model: judgeId, concept },
    drawn.map(({ drawing }) => labelsShown(drawing)),
  );
  const site = await unetSite(runtime, params);
  const statistics = await unitStatistics(
    units,
    drawn.map(({ picture }) => picture),
    runtime,
  );
  const { change, gates, ...switched } = unitSwitch(card.graph.model, site, statistics);
  const unet = await runtime.open(`${id}/unet/off/${site.name}`, async () => ({
    graph: instrument(card.graph.model, [change]),
    weights: { path: card.graph.location, data: await runtime.bytes(id, 'unet') },
  }));
  const model = {
    ...card,
    unet,
    textEncoder: await openPlain(runtime, id, 'text_encoder'),
    decoder: await openPlain(runtime, id, 'vae_decoder'),
  };
  const recogniser = await visionCard(runtime, judgeId);
  const eye = await visionSession(runtime, recogniser);

  const draw = async (seed: number, dark: readonly number[]): Promise<Pixels> => {
    const plan = await planSampling(model, prompt, { seed, steps: STEPS, guidance: GUIDANCE });
    let clean = plan.noise;
    for await (const step of sample({ ...plan, capture: [], unet: fedWith(unet, gates(dark)) })) {
      clean = step.clean;
      await runtime.pause();
      cancellation.check();
    }
    return decode(model.decoder, clean, plan.latentDims, card.config.scalingFactor);
  };
  return {
    ...switched,
    outcome: 'picture',
    judge: judgeId,
    names: names.list,
    scenesWith: params.scenes,
    scenesWithout: 0,
    recognise: async (dark) => {
      const probabilities: number[] = [];
      let best = 0;
      for (let index = 0; index < params.scenes; index += 1) {
        const picture = modelView(await draw(params.seed + index, dark), recogniser.preprocessing);
        const outputs = await encodePictures(eye, recogniser.preprocessing, [picture], ['image_embeds']);
        const { probability } = zeroShot(floats(outputs, 'image_embeds').data, names.texts, names.logitScale);
        probabilities.push(probability[0]!);
        if (probability[0] === Math.max(...probability)) best += 1;
      }
      return {
        probability: mean(probabilities),
        named: best / params.scenes,
        // Nothing is drawn without the thing.
        auc: Number.NaN,
        clarity: Number.NaN,
      };
    },
  };
}
