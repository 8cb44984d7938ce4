/** A generative model, ready to run: parsed once, sessions from the host. */

import { encodePictures } from '../families/contrastive/encode.ts';
import { modelView, type Preprocessing, readPreprocessing } from '../families/contrastive/preprocess.ts';
import type { Rgb8 } from '../families/contrastive/resample.ts';
import {
  type Bridge,
  crossBridge,
  features,
  type ImageFeatures,
  readBridge,
  type SeenStates,
} from '../families/generative/bridge.ts';
import {
  type ChatFormat,
  type PictureTokens,
  readChat,
  readChatFormat,
} from '../families/generative/chat.ts';
import { type GenerativeConfig, readGenerativeConfig } from '../families/generative/config.ts';
import { MEMORY_INPUT } from '../families/generative/cross-decoder.ts';
import { type Decoder, readDecoder } from '../families/generative/decoder.ts';
import { type PartRules, placeTokens, readPartRules, squareCount } from '../families/generative/parts.ts';
import type { Embeddings } from '../families/generative/run-decoder.ts';
import { readModelGraph } from '../families/graph.ts';
import { contentTokens, readTokenRules, type TokenRules } from '../families/prompt.ts';
import { floats, type Session, type Tokenizer } from '../families/session.ts';
import { indexModel } from '../onnx/model-index.ts';
import type { SequenceToken } from '../protocol/ask.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { ImageSource } from '../protocol/image.ts';
import type { Caution } from '../protocol/jobs.ts';
import { sourcePixels } from './explain.ts';
import { memo } from './memo.ts';
import { openPlain } from './open.ts';
import { optionalJson } from './optional-json.ts';
import { bearable, partCautions, seeInParts } from './picture-parts.ts';
import type { Runtime } from './runtime.ts';

interface GenerativeCard {
  readonly id: string;
  readonly config: GenerativeConfig;
  readonly preprocessing: Preprocessing;
  /** Null for a model that takes a picture as one. */
  readonly partRules: PartRules | null;
  readonly cautions: readonly Caution[];
  readonly tokenizer: Tokenizer;
  readonly rules: TokenRules;
  readonly chat: ChatFormat;
  readonly decoder: Decoder;
  readonly decoderLocation: string;
  /** Null for a vision encoder whose output the decoder takes as it is. */
  readonly bridge: (Bridge & { readonly file: string; readonly location: string }) | null;
}

/** All but the decoder: what makes a sequence of a picture and words. */
export interface SeeingModel extends GenerativeCard {
  readonly visionSession: Session;
  readonly bridgeSession: Session | null;
  readonly embedSession: Session;
}

export interface GenerativeModel extends SeeingModel {
  readonly decoderSession: Session;
}

export const DECODER = 'decoder_model_merged';
const BRIDGES = ['multi_modal_projector', 'qformer'] as const;

export const generativeCard = memo(async (runtime: Runtime, model: string): Promise<GenerativeCard> => {
  const bytes = await runtime.bytes(model, DECODER);
  if (indexModel(bytes).inputs.some(({ name }) => name === MEMORY_INPUT)) {
    const what = 'this question to a model that reads its picture by cross attention';
    throw new VitrineError('unsupported', what, { found: 'cross', what });
  }
  const tokenizer = await runtime.tokenizer(model);
  const tokenizerConfig = await runtime.json(model, 'tokenizer_config');
  const json = await runtime.json(model, 'config');
  const config = readGenerativeConfig(json, await optionalJson(runtime, model, 'generation_config'));
  const preparation = await runtime.json(model, 'preprocessor_config');
  const rules = readPartRules(preparation);
  const graph = readModelGraph(bytes, DECODER, 'decoder');
  const decoder = readDecoder(graph, bytes);
  const partRules = rules && bearable(rules, decoder, config);
  return {
    id: model,
    config,
    preprocessing: readPreprocessing(rules ? { ...Object(preparation), do_resize: false } : preparation),
    partRules,
    cautions: partRules && rules ? partCautions(partRules, rules) : [],
    tokenizer,
    rules: readTokenRules(tokenizerConfig, tokenizer, config.limit),
    chat: readChatFormat(
      tokenizerConfig,
      await optionalJson(runtime, model, 'chat_template'),
      config.imageToken,
    ),
    decoder,
    decoderLocation: graph.location,
    bridge: await readBridgeFile(runtime, model),
  };
});

export async function openGenerative(runtime: Runtime, model: string): Promise<GenerativeModel> {
  const seeing = await openSeeing(runtime, model);
  const { decoder, decoderLocation } = seeing;
  return {
    ...seeing,
    decoderSession: await openFile(runtime, model, DECODER, decoder.graph, decoderLocation),
  };
}

export async function openSeeing(runtime: Runtime, model: string): Promise<SeeingModel> {
  const card = await generativeCard(runtime, model);
  const { bridge } = card;
  return {
    ...card,
    visionSession: await openPlain(runtime, model, 'vision_encoder'),
    bridgeSession: bridge && (await openFile(runtime, model, bridge.file, bridge.graph, bridge.location)),
    embedSession: await openPlain(runtime, model, 'embed_tokens'),
  };
}

function openFile(
  runtime: Runtime,
  model: string,
  file: string,
  graph: Uint8Array,
  path: string,
): Promise<Session> {
  return runtime.open(`${model}/${file}`, async () => ({
    graph,
    weights: { path, data: await runtime.bytes(model, file) },
  }));
}

async function readBridgeFile(runtime: Runtime, model: string): Promise<GenerativeCard['bridge']> {
  for (const file of BRIDGES) {
    try {
      const graph = readModelGraph(await runtime.bytes(model, file), file, 'bridge');
      return { ...readBridge(graph, file), file, location: graph.location };
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'model-missing')) throw error;
    }
  }
  return null;
}

/** The picture as the model takes it; one that is seen in parts keeps its own size. */
export function pictureOf({ config, preprocessing }: GenerativeCard, source: ImageSource): Rgb8 {
  return modelView(sourcePixels(source, config.imageSize), preprocessing);
}

/** States of the vision tower, [picture, position, channel]; a model without a bridge gives its image features. */
export async function seeStates(model: SeeingModel, pictures: readonly Rgb8[]): Promise<SeenStates> {
  const { visionSession, preprocessing, partRules } = model;
  const output = model.bridge?.input ?? 'image_features';
  if (partRules) return seeInParts(visionSession, preprocessing, partRules, pictures, output);
  const outputs = await encodePictures(visionSession, preprocessing, pictures, [output]);
  return { ...floats(outputs, output), parts: null };
}

/** Image tokens from states of the vision tower. */
export function imageFeatures(
  model: SeeingModel,
  states: SeenStates,
  options?: { readonly maps?: boolean },
): Promise<ImageFeatures> {
  const { bridge, bridgeSession } = model;
  return bridge && bridgeSession
    ? crossBridge(bridgeSession, bridge, states, options)
    : Promise.resolve(features(states));
}

/** The prompt that asks `question` of a picture. */
export function promptOf(
  model: GenerativeCard,
  question: string,
  picture: PictureTokens,
): readonly SequenceToken[] {
  return readChat(model.chat, model.tokenizer, model.rules, question, picture);
}

/** The tokens of words that an answer begins with. */
export function prefixOf({ tokenizer, rules }: GenerativeCard, words: string): readonly number[] {
  return words.trim() === '' ? [] : contentTokens(words.trim(), tokenizer, rules);
}

/** Prompt and answer as one sequence. */
export function withAnswer(
  { tokenizer }: GenerativeCard,
  prompt: readonly SequenceToken[],
  answer: readonly number[],
): readonly SequenceToken[] {
  const tokens = answer.map((id, index) => ({
    position: prompt.length + index,
    id,
    text: tokenizer.token(id),
    role: 'answer' as const,
  }));
  return [...prompt, ...tokens];
}

/** Embeds token ids, [token, width]. */
export async function embedTokens(
  model: SeeingModel,
  ids: readonly number[],
): Promise<{ readonly width: number; readonly data: Float32Array }> {
  const feed = { type: 'int64', dims: [1, ids.length], data: BigInt64Array.from(ids, BigInt) } as const;
  const { dims, data } = floats(
    await model.embedSession.run({ input_ids: feed }, ['inputs_embeds']),
    'inputs_embeds',
  );
  return { width: dims[2] ?? 0, data };
}

/**
 * A sequence as the decoder takes it, one row for each picture of `image`: words embedded, image tokens in their places.
 * Throws RangeError when the sequence has another number of image tokens.
 */
export async function embedSequence(
  model: SeeingModel,
  sequence: readonly SequenceToken[],
  image: ImageFeatures,
): Promise<Embeddings> {
  const places = imagePositions(sequence);
  const { batch, tokens, width } = image;
  if (places.length !== tokens) throw new RangeError(`${places.length} places for ${tokens} image tokens`);
  const words = await embedTokens(
    model,
    sequence.map(({ id, role }) => (role === 'image' ? model.rules.pad : id)),
  );
  if (words.width !== width) throw new RangeError(`words of width ${words.width}, image tokens of ${width}`);
  const size = sequence.length * width;
  const data = new Float32Array(batch * size);
  for (let row = 0; row < batch; row++) {
    data.set(words.data, row * size);
    places.forEach((position, token) => {
      const from = (row * tokens + token) * width;
      data.set(image.data.subarray(from, from + width), row * size + position * width);
    });
  }
  return { batch, length: sequence.length, width, data };
}

export function imagePositions(sequence: readonly SequenceToken[]): readonly number[] {
  return sequence.filter(({ role }) => role === 'image').map(({ position }) => position);
}

/**
 * The grid that heat over the picture lies on: image tokens of a projector, patches that a Q-Former reads, tokens of the whole
 * where a picture is seen in parts.
 */
export function heatGrid({ bridge, config }: GenerativeCard, { tokens, parts }: PictureTokens): number {
  if (bridge && bridge.maps.length > 0) return config.grid;
  const side = Math.sqrt(parts ? tokens / squareCount(parts) : tokens);
  if (!Number.isInteger(side)) {
    throw new VitrineError('unsupported', `${tokens} image tokens fill no square grid`, {
      what: 'image tokens',
    });
  }
  return side;
}

/** By place of that grid, the image tokens that show it; null where each shows its own. */
export function tokensByPlace(
  model: GenerativeCard,
  picture: PictureTokens,
): readonly (readonly number[])[] | null {
  return picture.parts && placeTokens(picture.parts, heatGrid(model, picture));
}
