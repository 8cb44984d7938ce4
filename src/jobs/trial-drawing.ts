/** Units on trial in a model that draws: what is lost is the thing asked for, as another model recognises it in the pictures. */

import { readPrompt } from '../families/prompt.ts';
import type { RefereeParams } from '../protocol/dissection.ts';
import { VitrineError } from '../protocol/errors.ts';
import { mean } from '../tensor/statistics.ts';
import { withArticle } from '../world/grammar.ts';
import { diffusionCard } from './diffusion-model.ts';
import { openPatchedDrawing } from './patched-drawing.ts';
import { openRecogniser } from './recogniser.ts';
import { drawSeed } from './scenes.ts';
import type { Trial, TrialContext } from './trial.ts';
import { labelsShown } from './trial-scenes.ts';
import { openUnetUnits, unetSite } from './unet-units.ts';
import { unitStatistics } from './unit-statistics.ts';
import { unitSwitch } from './unit-switch.ts';

/** Few steps draw the same things, more coarsely. */
const STEPS = 8;
const GUIDANCE = 4;
/** Scenes that units are matched on, and that tell which names are everywhere. */
const ORDINARY = 16;

/** Throws `bad-parameter` without a judge, and for a concept that either model has no word for. */
export async function drawingTrial(params: RefereeParams, context: TrialContext): Promise<Trial> {
  const { runtime } = context;
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
  const labels = drawn.map(({ drawing }) => labelsShown(drawing));
  const { names, recognise } = await openRecogniser(runtime, judgeId, concept, labels);
  const site = await unetSite(runtime, params);
  const statistics = await unitStatistics(
    units,
    drawn.map(({ picture }) => picture),
    runtime,
  );
  const { change, gates, ...switched } = unitSwitch(card.graph.model, site, statistics);
  const { draw } = await openPatchedDrawing(runtime, id, `off/${site.name}`, change);
  return {
    ...switched,
    outcome: 'picture',
    judge: judgeId,
    names,
    scenesWith: params.scenes,
    scenesWithout: 0,
    recognise: async (dark) => {
      const probabilities: number[] = [];
      let best = 0;
      const off = gates(dark);
      for (let index = 0; index < params.scenes; index += 1) {
        const how = { seed: params.seed + index, steps: STEPS, guidance: GUIDANCE };
        const probability = await recognise(await draw(prompt, how, () => off, context));
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
