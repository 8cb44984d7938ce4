/** Units on trial in a model that matches pictures with words: what is lost is zero-shot itself. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { pictureSession } from '../families/picture-session.ts';
import { floats } from '../families/session.ts';
import { separation } from '../methods/concepts/separation.ts';
import { zeroShot } from '../methods/concepts/zeroshot.ts';
import { instrument } from '../onnx/instrument.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { mean } from '../tensor/statistics.ts';
import { openNames } from './recogniser.ts';
import type { Trial, TrialContext } from './trial.ts';
import { findScenes } from './trial-scenes.ts';
import { dissectedSite, SCENE_BATCH, unitMaps } from './unit-activations.ts';
import { unitStatistics } from './unit-statistics.ts';
import { fedWith, unitSwitch } from './unit-switch.ts';
import { visionCard, visionSession } from './vision-model.ts';

export async function matchTrial(
  params: RefereeParams,
  { runtime, cancellation }: TrialContext,
): Promise<Trial> {
  const card = await visionCard(runtime, params.model);
  const model = { ...card, vision: await visionSession(runtime, card) };
  const scenes = await findScenes(card.config.imageSize, params, runtime, () => cancellation.check());
  const names = await openNames(runtime, params, scenes.labels);
  const tapped = dissectedSite(model, params.site);
  const statistics = await unitStatistics(
    { maps: (pictures) => unitMaps(model, tapped, pictures) },
    scenes.pictures,
    runtime,
  );
  const { change, gates, ...units } = unitSwitch(card.graph.model, tapped.site, statistics);
  const session = await runtime.open(`${card.id}/vision_model/off/${params.site}`, async () => ({
    graph: instrument(card.graph.model, [change]),
    weights: { path: card.graph.location, data: await runtime.bytes(card.id, card.file) },
  }));
  return {
    ...units,
    outcome: 'match',
    names: names.list,
    scenesWith: scenes.present.filter(Boolean).length,
    scenesWithout: scenes.present.filter((shown) => !shown).length,
    recognise: async (dark) => {
      const scores: number[] = [];
      const probabilities: number[] = [];
      let best = 0;
      const darkened = pictureSession(fedWith(session, gates(dark)), model.input);
      for (let first = 0; first < scenes.pictures.length; first += SCENE_BATCH) {
        const batch = scenes.pictures.slice(first, first + SCENE_BATCH);
        const results = await encodePictures(darkened, model.preprocessing, batch, ['image_embeds']);
        const { data } = floats(results, 'image_embeds');
        const width = data.length / batch.length;
        batch.forEach((_, i) => {
          const image = data.subarray(i * width, (i + 1) * width);
          const { cosine, probability } = zeroShot(image, names.texts, names.logitScale);
          scores.push(cosine[0]!);
          if (!scenes.present[first + i]) return;
          probabilities.push(probability[0]!);
          if (probability[0] === Math.max(...probability)) best += 1;
        });
        await runtime.pause();
        cancellation.check();
      }
      const { auc, effect } = separation(scores, scenes.present);
      return {
        probability: mean(probabilities),
        named: best / probabilities.length,
        auc,
        clarity: effect,
      };
    },
  };
}
