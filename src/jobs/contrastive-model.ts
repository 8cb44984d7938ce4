/** A contrastive model, ready to run: parsed once, sessions from the host. */

import { type ContrastiveConfig, readContrastiveConfig } from '../families/contrastive/config.ts';
import { encodeTexts, stack, type TextEmbeddings } from '../families/contrastive/encode.ts';
import { type Preprocessing, readPreprocessing } from '../families/contrastive/preprocess.ts';
import { conceptPrompts } from '../families/contrastive/templates.ts';
import { readVisionTower, type VisionTower } from '../families/contrastive/vision.ts';
import { readWorldStatistics, type WorldStatistics } from '../families/contrastive/world-statistics.ts';
import { readModelGraph } from '../families/graph.ts';
import { readPrompt, readTokenRules, type TokenRules } from '../families/prompt.ts';
import type { Session, Tokenizer } from '../families/session.ts';
import { meanRow, normaliseTexts } from '../methods/concepts/texts.ts';
import { VitrineError } from '../protocol/errors.ts';
import { tensor } from '../tensor/tensor.ts';
import { memo } from './memo.ts';
import { openPlain } from './open.ts';
import type { Runtime } from './runtime.ts';

interface ContrastiveCard {
  readonly id: string;
  readonly config: ContrastiveConfig;
  readonly preprocessing: Preprocessing;
  readonly tokenizer: Tokenizer;
  readonly rules: TokenRules;
  readonly tower: VisionTower;
  readonly location: string;
  /** Null for models that come without: their limits are then not known. */
  readonly statistics: WorldStatistics | null;
}

export interface ContrastiveModel extends ContrastiveCard {
  readonly vision: Session;
  readonly text: Session;
}

export const contrastiveCard = memo(async (runtime: Runtime, model: string): Promise<ContrastiveCard> => {
  const tokenizer = await runtime.tokenizer(model);
  const bytes = await runtime.bytes(model, 'vision_model');
  const graph = readModelGraph(bytes, 'vision_model', 'vision');
  return {
    id: model,
    config: readContrastiveConfig(await runtime.json(model, 'config')),
    preprocessing: readPreprocessing(await runtime.json(model, 'preprocessor_config')),
    tokenizer,
    rules: readTokenRules(await runtime.json(model, 'tokenizer_config'), tokenizer),
    tower: readVisionTower(graph, bytes),
    location: graph.location,
    statistics: await readStatistics(runtime, model),
  };
});

export async function openContrastive(runtime: Runtime, model: string): Promise<ContrastiveModel> {
  const card = await contrastiveCard(runtime, model);
  return {
    ...card,
    vision: await runtime.open(`${model}/vision_model`, async () => ({
      graph: card.tower.graph,
      weights: { path: card.location, data: await runtime.bytes(model, 'vision_model') },
    })),
    text: await openPlain(runtime, model, 'text_model'),
  };
}

/** Embeds whole prompts as they are, one row a text, length 1. */
export function embedPrompts(
  runtime: Runtime,
  model: ContrastiveModel,
  texts: readonly string[],
): Promise<TextEmbeddings> {
  const readings = texts.map((text) => readPrompt(text, model.tokenizer, model.rules));
  return encodeTexts(model.text, readings, () => runtime.pause());
}

/** Embeds concepts: mean over the templates, one row a concept, length 1. */
export async function embedConcepts(
  runtime: Runtime,
  model: ContrastiveModel,
  concepts: readonly string[],
): Promise<TextEmbeddings> {
  const prompts = concepts.map(conceptPrompts);
  const rows = await embedPrompts(runtime, model, prompts.flat());
  const [, width] = rows.dims;
  let first = 0;
  const means = prompts.map(({ length }) => {
    const data = rows.data.subarray(first * width, (first + length) * width);
    first += length;
    return meanRow(tensor(['text', 'embedding'], [length, width], data));
  });
  return normaliseTexts(stack(means));
}

async function readStatistics(runtime: Runtime, model: string): Promise<WorldStatistics | null> {
  try {
    return readWorldStatistics(await runtime.json(model, 'world_statistics'));
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return null;
    throw error;
  }
}
