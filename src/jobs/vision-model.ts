/** Any model that looks at pictures, ready to run: the tower of a contrastive model, a classifier, a backbone. */

import { aliasedSession } from '../families/aliased-session.ts';
import { type Preprocessing, readPreprocessing } from '../families/contrastive/preprocess.ts';
import { type TappedVision, tapVision } from '../families/contrastive/vision.ts';
import { readPartRules } from '../families/generative/parts.ts';
import { type ModelGraph, readModelGraph } from '../families/graph.ts';
import { type PictureInput, pictureSession } from '../families/picture-session.ts';
import type { Session } from '../families/session.ts';
import { pictureInput, readVisionConfig, type VisionConfig } from '../families/vision-config.ts';
import { memo } from './memo.ts';
import { optionalJson } from './optional-json.ts';
import { presentFile } from './present-file.ts';
import type { Runtime } from './runtime.ts';

/** What a vision tower's file is called: that of a model of its own, or of one that answers. */
const VISION_FILES = ['vision_model', 'vision_encoder'] as const;

export interface VisionCard {
  readonly id: string;
  readonly file: (typeof VISION_FILES)[number];
  readonly config: VisionConfig;
  readonly preprocessing: Preprocessing;
  readonly tower: TappedVision;
  readonly graph: ModelGraph;
  readonly input: PictureInput;
}

export interface VisionModel {
  readonly id: string;
  readonly config: VisionConfig;
  readonly preprocessing: Preprocessing;
  readonly tower: TappedVision;
  /** Takes `pixel_values` in any batch, whatever the file calls its input. */
  readonly vision: Session;
}

export const visionCard = memo(async (runtime: Runtime, model: string): Promise<VisionCard> => {
  const file = await presentFile(runtime, model, VISION_FILES);
  const graph = readModelGraph(await runtime.bytes(model, file), file, 'vision');
  const preparation = await runtime.json(model, 'preprocessor_config');
  const parts = readPartRules(preparation);
  // A tower of squares is shown the whole picture as one.
  const square = parts && { ...Object(preparation), size: { width: parts.side, height: parts.side } };
  const preprocessing = readPreprocessing(square ?? preparation);
  return {
    id: model,
    file,
    config: readVisionConfig(await optionalJson(runtime, model, 'config'), graph.model, preprocessing),
    preprocessing,
    tower: tapVision(graph),
    graph,
    input: pictureInput(graph.model),
  };
});

export async function openVision(runtime: Runtime, model: string): Promise<VisionModel> {
  const card = await visionCard(runtime, model);
  return { ...card, vision: await visionSession(runtime, card) };
}

/** The one session of a vision model, with every tap: all jobs share it. */
export async function visionSession(runtime: Runtime, card: VisionCard): Promise<Session> {
  const session = await runtime.open(`${card.id}/vision_model`, async () => ({
    graph: card.tower.graph,
    weights: { path: card.graph.location, data: await runtime.bytes(card.id, card.file) },
  }));
  // Exports without their last hidden state have it all the same: before the final norm.
  const last = [...card.tower.sites.values()].findLast(({ site }) => site.kind === 'resid_post');
  const named = aliasedSession(session, last ? { last_hidden_state: last.output } : {});
  return pictureSession(named, card.input);
}
