/** A contrastive model, ready to run: parsed once, sessions from the host. */

import { aliasedSession } from '../families/aliased-session.ts';
import { type ContrastiveConfig, readContrastiveConfig } from '../families/contrastive/config.ts';
import { encodeTexts, type TextEmbeddings } from '../families/contrastive/encode.ts';
import { readVisionTower, type VisionTower } from '../families/contrastive/vision.ts';
import { readWorldStatistics, type WorldStatistics } from '../families/contrastive/world-statistics.ts';
import { jointLogits, ownTower } from '../families/joint.ts';
import { readPrompt, readTokenRules, type TokenRules } from '../families/prompt.ts';
import type { Session, Tokenizer } from '../families/session.ts';
import { meanRow, normaliseTexts } from '../methods/concepts/texts.ts';
import { externalise } from '../onnx/externalise.ts';
import { indexModel } from '../onnx/model-index.ts';
import { VitrineError } from '../protocol/errors.ts';
import { conceptPrompts } from '../protocol/templates.ts';
import { stack } from '../tensor/stack.ts';
import { tensor } from '../tensor/tensor.ts';
import { memo } from './memo.ts';
import { openPlain } from './open.ts';
import { optionalJson } from './optional-json.ts';
import type { Runtime } from './runtime.ts';
import { type VisionCard, type VisionModel, visionCard, visionSession } from './vision-model.ts';

interface ContrastiveCard extends VisionCard {
  readonly config: ContrastiveConfig;
  readonly tokenizer: Tokenizer;
  readonly rules: TokenRules;
  readonly tower: VisionTower;
  /** Null for models that come without: their limits are then not known. */
  readonly statistics: WorldStatistics | null;
}

export interface ContrastiveModel extends ContrastiveCard, VisionModel {
  readonly config: ContrastiveConfig;
  readonly tower: VisionTower;
  readonly text: Session;
  /** Texts are run at their full length, padding and all: SigLIP pools at the last position. */
  readonly padded: boolean;
}

export const contrastiveCard = memo(async (runtime: Runtime, model: string): Promise<ContrastiveCard> => {
  const tokenizer = await runtime.tokenizer(model);
  const vision = await visionCard(runtime, model);
  if (vision.graph.inventory.attentions.length === 0) {
    const what = 'this question to a vision tower without attention';
    throw new VitrineError('unsupported', what, { found: 'convolutions', what });
  }
  const bytes = await runtime.bytes(model, 'vision_model');
  return {
    ...vision,
    config: readContrastiveConfig(
      await runtime.json(model, 'config'),
      vision.config,
      jointLogits(indexModel(bytes)),
    ),
    tokenizer,
    rules: readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer),
    tower: readVisionTower(vision.graph, bytes, vision.tower),
    statistics: await readStatistics(runtime, model),
  };
});

export async function openContrastive(runtime: Runtime, model: string): Promise<ContrastiveModel> {
  const card = await contrastiveCard(runtime, model);
  return {
    ...card,
    vision: await visionSession(runtime, card),
    text: await openText(runtime, model),
    padded: await padsTexts(runtime, model),
  };
}

/** The text tower alone, which every contrastive model has, whatever its vision tower is made of. */
export type TextTower = Pick<ContrastiveModel, 'tokenizer' | 'rules' | 'text' | 'padded'>;

export async function openTexts(runtime: Runtime, model: string): Promise<TextTower> {
  const tokenizer = await runtime.tokenizer(model);
  return {
    tokenizer,
    rules: readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer),
    text: await openText(runtime, model),
    padded: await padsTexts(runtime, model),
  };
}

async function padsTexts(runtime: Runtime, model: string): Promise<boolean> {
  const config = await optionalJson(runtime, model, 'config');
  const type = typeof config === 'object' && config !== null && 'model_type' in config && config.model_type;
  return typeof type === 'string' && type.startsWith('siglip');
}

/** The text tower's file, or its part of the one file that holds both. */
async function openText(runtime: Runtime, model: string): Promise<Session> {
  try {
    return aliasedSession(await openPlain(runtime, model, 'text_model'));
  } catch (error) {
    if (!(error instanceof VitrineError && error.code === 'model-missing')) throw error;
  }
  const session = await runtime.open(`${model}/text_model`, async () => {
    const data = await runtime.bytes(model, 'vision_model');
    const { graph, location } = externalise(data, 'vision_model.onnx');
    return {
      graph: ownTower(indexModel(graph), 'text_model').bytes,
      weights: { path: location, data },
    };
  });
  return aliasedSession(session);
}

/** Whether the model's vocabulary holds every word of a text. */
export function knowsWord({ tokenizer, rules }: TextTower, text: string): boolean {
  return readPrompt(text, tokenizer, rules).words.every(({ known }) => known);
}

/** Embeds whole prompts as they are, one row a text, length 1. */
export function embedPrompts(
  runtime: Runtime,
  model: TextTower,
  texts: readonly string[],
): Promise<TextEmbeddings> {
  const readings = texts.map((text) => readPrompt(text, model.tokenizer, model.rules));
  return encodeTexts(model.text, readings, () => runtime.pause(), { padded: model.padded });
}

/** Embeds concepts: mean over the templates (the usual ones where none are given), one row a concept, length 1. */
export async function embedConcepts(
  runtime: Runtime,
  model: TextTower,
  concepts: readonly string[],
  templates?: readonly string[],
): Promise<TextEmbeddings> {
  const prompts = concepts.map((concept) => conceptPrompts(concept, templates));
  const rows = await embedPrompts(runtime, model, prompts.flat());
  const [, width] = rows.dims;
  let first = 0;
  const means = prompts.map(({ length }) => {
    const data = rows.data.subarray(first * width, (first + length) * width);
    first += length;
    return meanRow(tensor(['text', 'embedding'], [length, width], data));
  });
  return normaliseTexts(stack(['text', 'embedding'], means));
}

async function readStatistics(runtime: Runtime, model: string): Promise<WorldStatistics | null> {
  const json = await optionalJson(runtime, model, 'world_statistics');
  return json === null ? null : readWorldStatistics(json);
}
