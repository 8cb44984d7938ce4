/** A model that reads its picture by cross attention, ready to run: parsed once, sessions from the host. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView, type Preprocessing, readPreprocessing } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import { type CaptionConfig, readCaptionConfig, taskPrompt } from '../families/generative/caption-config.ts';
import { type CrossDecoder, MEMORY_INPUT, readCrossDecoder } from '../families/generative/cross-decoder.ts';
import type { Memory, Written } from '../families/generative/run-cross.ts';
import { readModelGraph } from '../families/graph.ts';
import type { PatchPlace } from '../families/patch-place.ts';
import { pictureSession } from '../families/picture-session.ts';
import { contentTokens, type TokenRules } from '../families/prompt.ts';
import { floats, type Session, type Tokenizer } from '../families/session.ts';
import { pictureInput } from '../families/vision-config.ts';
import { indexModel } from '../onnx/model-index.ts';
import type { SequenceToken } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { ImageSource } from '../protocol/image.ts';
import { sourcePixels } from './explain.ts';
import { DECODER } from './generative-model.ts';
import { memo } from './memo.ts';
import { openPlain } from './open.ts';
import { optionalJson } from './optional-json.ts';
import type { Runtime } from './runtime.ts';

/** The encoder of picture and words together, which Florence-2 has behind its vision tower. */
const JOINT_ENCODER = 'encoder_model';

interface CaptionerCard {
  readonly id: string;
  readonly config: CaptionConfig;
  readonly preprocessing: Preprocessing;
  readonly preprocessor: unknown;
  readonly tokenizer: Tokenizer;
  readonly decoder: CrossDecoder;
  readonly decoderLocation: string;
}

export interface Captioner extends CaptionerCard {
  /** Takes `pixel_values`. */
  readonly vision: Session;
  readonly embed: Session | null;
  readonly joint: Session | null;
  /** With everything readable, all positions at once. */
  readonly full: Session;
  /** The file as it is, with its cache; null where it has none. */
  readonly cached: Session | null;
}

/** Whether a generative model is one: told by what its decoder takes in. */
export const readsByCrossAttention = memo(async (runtime: Runtime, model: string): Promise<boolean> => {
  const { inputs } = indexModel(await runtime.bytes(model, DECODER));
  return inputs.some(({ name }) => name === MEMORY_INPUT);
});

const captionerCard = memo(async (runtime: Runtime, model: string): Promise<CaptionerCard> => {
  const bytes = await runtime.bytes(model, DECODER);
  const graph = readModelGraph(bytes, DECODER, 'decoder');
  const preprocessor = await runtime.json(model, 'preprocessor_config');
  const preprocessing = readPreprocessing(preprocessor);
  return {
    id: model,
    config: readCaptionConfig(
      await runtime.json(model, 'config'),
      await optionalJson(runtime, model, 'generation_config'),
      preprocessing,
    ),
    preprocessing,
    preprocessor,
    tokenizer: await runtime.tokenizer(model),
    decoder: readCrossDecoder(graph, bytes),
    decoderLocation: graph.location,
  };
});

export async function openCaptioner(runtime: Runtime, model: string): Promise<Captioner> {
  const card = await captionerCard(runtime, model);
  const { decoder, decoderLocation } = card;
  return {
    ...card,
    vision: pictureSession(
      await openPlain(runtime, model, 'vision_encoder'),
      pictureInput(indexModel(await runtime.bytes(model, 'vision_encoder'))),
    ),
    embed: await openOptional(runtime, model, 'embed_tokens'),
    joint: await openOptional(runtime, model, JOINT_ENCODER),
    full: await runtime.open(`${model}/${DECODER}#inside`, async () => ({
      graph: decoder.graph,
      weights: { path: decoderLocation, data: await runtime.bytes(model, DECODER) },
    })),
    cached: decoder.cache.length > 0 ? await openPlain(runtime, model, DECODER) : null,
  };
}

async function openOptional(runtime: Runtime, model: string, file: string): Promise<Session | null> {
  try {
    return await openPlain(runtime, model, file);
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'model-missing') return null;
    throw error;
  }
}

/** The picture as the model takes it. */
export function captionView({ config, preprocessing }: CaptionerCard, source: ImageSource): Rgb8 {
  return modelView(sourcePixels(source, config.imageSize), preprocessing);
}

interface Floats {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** States of the vision tower, [picture, position, channel]. */
export async function seeCaption(model: Captioner, pictures: readonly Rgb8[]): Promise<Floats> {
  const output = model.vision.outputs.includes('image_features') ? 'image_features' : 'last_hidden_state';
  return floats(await encodePictures(model.vision, model.preprocessing, pictures, [output]), output);
}

/** Token ids of what is asked; none for a model that only describes. */
export function questionTokens(model: Captioner, question: string): readonly number[] {
  if (!model.joint) return [];
  return model.tokenizer.encode(taskPrompt(model.preprocessor, question));
}

/** What the decoder reads: the picture's states, joined with the question where the model takes one. */
export async function remember(
  model: Captioner,
  states: Floats,
  question: readonly number[],
): Promise<Memory> {
  if (!model.joint) return states;
  const [batch = 0, positions = 0, width = 0] = states.dims;
  const words = await embedIds(model, question);
  const length = positions + question.length;
  const data = new Float32Array(batch * length * width);
  for (let row = 0; row < batch; row++) {
    const size = positions * width;
    data.set(states.data.subarray(row * size, (row + 1) * size), row * length * width);
    data.set(words, (row * length + positions) * width);
  }
  const mask = new BigInt64Array(batch * length).fill(1n);
  const outputs = await model.joint.run(
    {
      inputs_embeds: { type: 'float32', dims: [batch, length, width], data },
      attention_mask: { type: 'int64', dims: [batch, length], data: mask },
    },
    ['last_hidden_state'],
  );
  return floats(outputs, 'last_hidden_state');
}

/** Token ids as the decoder takes them. */
export async function write(model: Captioner, ids: readonly number[]): Promise<Written> {
  return { ids, embeds: model.decoder.inputs.has('inputs_embeds') ? await embedIds(model, ids) : null };
}

async function embedIds({ embed }: Captioner, ids: readonly number[]): Promise<Float32Array> {
  if (!embed) throw new VitrineError('model-missing', 'no embed_tokens', { id: '', file: 'embed_tokens' });
  const feed = { type: 'int64', dims: [1, ids.length], data: BigInt64Array.from(ids, BigInt) } as const;
  return floats(await embed.run({ input_ids: feed }, ['inputs_embeds']), 'inputs_embeds').data;
}

/**
 * Everything that is read, as one sequence: the encoder's positions (pooled ones, patches, the question), the text's start, the
 * answer. Attention of a word lies over the first part by cross attention, over the rest by self attention.
 */
export function captionSequence(
  { tokenizer, config }: Captioner,
  { lead, grid }: PatchPlace,
  question: readonly number[],
  answer: readonly number[],
): readonly SequenceToken[] {
  const tokens: SequenceToken[] = [];
  const push = (id: number, text: string, role: SequenceToken['role']): void => {
    tokens.push({ position: tokens.length, id, text, role });
  };
  for (let i = 0; i < lead; i++) push(-1, '[CLS]', 'template');
  for (let i = 0; i < grid * grid; i++) push(-1, '[patch]', 'image');
  for (const id of question) push(id, tokenizer.token(id), 'question');
  for (const id of config.start) push(id, tokenizer.token(id), 'template');
  for (const id of answer) push(id, tokenizer.token(id), 'answer');
  return tokens;
}

/** The tokens of words that an answer begins with. */
export function openingTokens({ tokenizer, config }: Captioner, words: string): readonly number[] {
  const rules: Pick<TokenRules, 'start' | 'end'> = { start: config.start[0], end: config.endTokens[0]! };
  const trimmed = words.trim();
  if (trimmed === '') return [];
  return contentTokens(trimmed, tokenizer, rules).filter((id) => !config.endTokens.includes(id));
}
